// One run of a service: sampled when it is found, and for the last time with its final counters.

import type { Clock } from "../../host/host.ts";
import type { DataSource } from "../../sflow/data-source.ts";
import type { ProcessGroup } from "../../workloads/process-group.ts";
import { NO_READINGS, type Readings } from "../../workloads/records.ts";
import type { Workload, WorkloadSource } from "../../workloads/workloads.ts";
import type { CgroupTree } from "./cgroup-tree.ts";
import type { UnitState } from "./unit-state.ts";

export interface ServiceWorld {
  readonly source: Pick<WorkloadSource, "begin" | "openGroup">;
  readonly tree: Pick<CgroupTree, "firstProcess">;
  readonly clock: Pick<Clock, "uptime">;
  uuidOf(unit: string): Uint8Array;
}

export interface ServiceStart {
  readonly unit: string;
  /** Path of the control group; undefined if the group is gone already. */
  readonly path: string | undefined;
  /** Main process; 0 if unknown. */
  readonly pid: number;
  /** Hex digits of the invocation ID; empty if unknown. */
  readonly invocation: string;
}

/** Enough to tell two runs of a unit apart, and short enough for a subject. */
const DIGITS = 16;

export class Service {
  readonly unit: string;
  /** Uptime. */
  readonly startedAt: number;
  readonly #world: ServiceWorld;
  readonly #path: string | undefined;
  readonly #group: ProcessGroup | undefined;
  readonly #workload: Workload | undefined;
  #invocation: string;
  /** Processor time that systemd counted for the whole run, in milliseconds. */
  #finalCpuTime = 0;

  /** Calls `onEmpty` when no process is left. */
  constructor(world: ServiceWorld, { unit, path, pid, invocation }: ServiceStart, onEmpty: () => void) {
    this.unit = unit;
    this.startedAt = world.clock.uptime();
    this.#world = world;
    this.#path = path;
    this.#invocation = invocation;
    const onExit = (): void => {
      if (!this.follow()) onEmpty();
    };
    this.#group = path === undefined ? undefined : world.source.openGroup({ cgroup: path }, onExit);
    this.follow(pid);
    const startTime = invocation === "" ? this.#group?.startTime : invocation.slice(0, DIGITS);
    const identity = { uuid: world.uuidOf(unit), name: unit, startTime };
    this.#workload = world.source.begin(identity, () => this.#read());
  }

  /** Undefined if all data sources are taken. */
  get source(): DataSource | undefined {
    return this.#workload?.source;
  }

  /** Tells whether its control group exists. */
  get found(): boolean {
    return this.#group?.found === true;
  }

  /** True if the kernel notifies the agent when the main process ends, so that no signal of systemd is needed. */
  get watched(): boolean {
    return this.#group?.watched === true;
  }

  /** Tells whether `invocation` is another run of the unit. A run whose invocation is unknown takes it as its own. */
  isOther(invocation: string): boolean {
    if (invocation === "") return false;
    if (this.#invocation === "") this.#invocation = invocation;
    return this.#invocation !== invocation;
  }

  /** Watches process `pid`, or the lowest one of the group if `pid` is 0 or gone. Returns false if none is left. */
  follow(pid = 0): boolean {
    if (this.#group === undefined || this.#path === undefined) return false;
    if (pid > 0) this.#group.adopt(pid);
    if (pid > 0 && !this.#group.over) return true;
    const first = this.#world.tree.firstProcess(this.#path);
    if (first === undefined) return false;
    this.#group.adopt(first);
    return !this.#group.over;
  }

  /** Reads the counters of a service that is about to end: its group may be gone before the end is noticed. */
  onState({ active, pid }: Pick<UnitState, "active" | "pid">): void {
    if (active === "deactivating") this.#group?.read();
    if (pid > 0) this.follow(pid);
  }

  sampleFirst(): void {
    this.#workload?.sampleNow();
  }

  limitsChanged(): void {
    this.#group?.limitsChanged();
  }

  /** Reads the final counters while they are there. */
  close(): void {
    this.#group?.end();
  }

  /** Sends the last sample. `cpuTime` is what systemd counted, in milliseconds; undefined if it does not know. */
  end(cpuTime: number | undefined): void {
    this.close();
    this.#finalCpuTime = cpuTime ?? 0;
    this.#workload?.end();
  }

  /** Stops without a sample: the agent ends, not the service. */
  release(): void {
    this.#group?.release();
    this.#workload?.release();
  }

  /**
   * Returns the readings with the higher of two processor times: the agent's last one, which may miss the last moments
   * of the service, and the one that systemd reported, which may be 0 after systemd forgot the unit.
   */
  #read(): Readings {
    const now = this.#group?.read() ?? NO_READINGS;
    return this.#finalCpuTime > (now.cpuTime ?? 0) ? { ...now, cpuTime: this.#finalCpuTime } : now;
  }
}
