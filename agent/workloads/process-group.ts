// One run of a workload that has a cgroup: its counters, its first process, its network, and the final counters after
// its end. See pidfd_open(2), cgroups(7).

import type { ControlGroup } from "../counters/control-group.ts";
import type { StackedDevices } from "../counters/stacked-devices.ts";
import { readCpuQuota } from "../counters/virt-cpu.ts";
import { readMemoryLimit } from "../counters/virt-memory.ts";
import type { Files, Host } from "../host/host.ts";
import type { GroupFinder } from "./group-finder.ts";
import { KeptFiles } from "./kept-files.ts";
import type { WorkloadNetwork } from "./network.ts";
import { type ProcessWatch, watchProcess } from "./process-watch.ts";
import { firstProcess, isAlive, isEmpty, isInit, readPidStat } from "./processes.ts";
import { type GroupReadings, NO_READINGS, type Readings, readGroup } from "./records.ts";

export interface GroupWorld {
  readonly host: Pick<Host, "files" | "sockets">;
  readonly groups: GroupFinder;
  readonly devices: Pick<StackedDevices, "sum">;
  openNetwork(pid: number): WorkloadNetwork | undefined;
}

/** Identifies a cgroup by the id of its container, by its path, or by the id of a process in it. */
export type GroupId = { readonly container: string } | { readonly cgroup: string } | { readonly pid: number };

/**
 * Opens the cgroup of a workload. Calls `onEnd` once, after the first process has ended and the counters have been
 * read. These counters are final, except for a cgroup that was identified by its path: such a cgroup may have other
 * processes, and stays open until `end` is called.
 */
export type OpenProcessGroup = (id: GroupId, onEnd: () => void) => ProcessGroup;

type Limits = Pick<Readings, "processors" | "memoryLimit">;

const NO_GROUP: GroupReadings = NO_READINGS;

/** The processes of one run of a workload. */
export class ProcessGroup {
  readonly #world: GroupWorld;
  readonly #onEnd: () => void;
  readonly #kept: KeptFiles;
  readonly #outlivesFirst: boolean;
  readonly #container: string | undefined;
  #group: ControlGroup | undefined;
  #pid: number | undefined;
  #network: WorkloadNetwork | undefined;
  #watch: ProcessWatch | undefined;
  #over = false;
  #ended = false;
  #limits: Limits | undefined;
  #last: Readings = NO_READINGS;

  constructor(world: GroupWorld, id: GroupId, onEnd: () => void) {
    this.#world = world;
    this.#onEnd = onEnd;
    this.#kept = new KeptFiles(world.host.files);
    this.#outlivesFirst = "cgroup" in id;
    this.#container = "container" in id ? id.container : undefined;
    if ("pid" in id) this.adopt(id.pid);
    else this.#open(id);
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  /** True if the cgroup was found, so that counters can be read. */
  get found(): boolean {
    return this.#group !== undefined;
  }

  /** True if the processes had already ended before one could be watched. The counters that can be read are final. */
  get over(): boolean {
    return this.#over;
  }

  /** Start time of the first process, in clock ticks since the machine booted. */
  get startTime(): string | undefined {
    return this.#pid === undefined ? undefined : readPidStat(this.#files, this.#pid)?.startTime;
  }

  /** True if the kernel will notify the agent of the end of the first process. */
  get watched(): boolean {
    return this.#watch !== undefined;
  }

  /** True if the first process runs. A zombie does not count as running. */
  get alive(): boolean {
    return this.#pid !== undefined && isAlive(this.#files, this.#pid);
  }

  get #files(): Files {
    return this.#world.host.files;
  }

  /** Returns current counters, or the final ones after the end. A value that cannot be read keeps its last reading. */
  read(): Readings {
    if (this.#ended) return this.#last;
    const now = this.#group === undefined ? NO_GROUP : readGroup(this.#kept, this.#group, this.#world.devices);
    this.#last = {
      cpuTime: now.cpuTime ?? this.#last.cpuTime,
      memory: now.memory ?? this.#last.memory,
      blockIo: now.blockIo ?? this.#last.blockIo,
      network: this.#network?.read() ?? this.#last.network,
      ...(this.#limits ?? this.#readLimits()),
    };
    return this.#last;
  }

  /** Reads the limits again. `read` reads them only once, because they cost more to read than the counters. */
  limitsChanged(): void {
    if (!this.#ended) this.#readLimits();
  }

  /** Makes the next reading look up all interfaces. */
  networkChanged(): void {
    this.#network?.outdated();
  }

  /**
   * Watches this process as the first one, instead of any process that was watched before. Returns false, and ignores
   * the process, if it is not of this workload: an engine in another pid namespace, or on another host, numbers
   * processes in its own way.
   */
  adopt(pid: number): boolean {
    if (this.#ended || pid === this.#pid) return true;
    if (!this.#isOwn(pid)) return false;
    this.#follow(pid);
    return true;
  }

  /** Reads the final counters and closes everything. */
  end(): void {
    if (this.#ended) return;
    this.read();
    this.release();
    if (!this.#outlivesFirst) this.#onEnd();
  }

  /** Closes everything without calling `onEnd`, because the agent stops and the workload keeps running. */
  release(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#watch?.close();
    this.#network?.close();
    this.#kept.close();
  }

  #open(id: { readonly container: string } | { readonly cgroup: string }): void {
    const { groups } = this.#world;
    const isContainer = "container" in id;
    this.#group = isContainer ? groups.ofContainer(id.container) : groups.at(id.cgroup);
    if (this.#group === undefined) return;
    this.#over = isEmpty(this.#files, this.#group);
    const first = isContainer && !this.#over ? firstProcess(this.#files, this.#group) : undefined;
    if (first !== undefined) this.#follow(first);
  }

  /** Tells whether a process is of this workload. Takes over its cgroup if none was found before. */
  #isOwn(pid: number): boolean {
    const { groups } = this.#world;
    const id = this.#container;
    const ofPid = groups.ofProcess(pid);
    if (id !== undefined && ofPid === undefined) return !this.alive;
    const named = id === undefined ? ofPid : groups.ofProcessIn(pid, id);
    // A container may have no cgroup of its own. Its first process is process 1 of its pid namespace.
    if (id !== undefined && named === undefined && !isInit(this.#files, pid)) return false;
    this.#group ??= named ?? ofPid;
    return true;
  }

  #follow(pid: number): void {
    const { host, openNetwork } = this.#world;
    this.#watch?.close();
    this.#network?.close();
    this.#pid = pid;
    // Does not watch a zombie: pidfd_open would succeed, although the process has already ended.
    const watch = isAlive(this.#files, pid) ? watchProcess(host.sockets, pid, () => this.#onExit()) : "gone";
    this.#over = watch === "gone";
    this.#watch = watch === "gone" ? undefined : watch;
    this.#network = this.#over ? undefined : openNetwork(pid);
  }

  #onExit(): void {
    if (!this.#outlivesFirst) {
      this.end();
      return;
    }
    this.read();
    this.#watch?.close();
    this.#watch = undefined;
    this.#onEnd();
  }

  #readLimits(): Limits {
    const group = this.#group;
    if (group === undefined) return { processors: undefined, memoryLimit: undefined };
    this.#limits = { processors: readCpuQuota(this.#files, group), memoryLimit: readMemoryLimit(this.#files, group) };
    return this.#limits;
  }
}
