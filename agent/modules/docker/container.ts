// One run of a container: sampled at its start, completed by what the engine knows, sampled for the last time at its
// end.

import type { Clock, Timer } from "../../host/host.ts";
import { messageOf } from "../../log/message-of.ts";
import type { ProcessGroup } from "../../workloads/process-group.ts";
import { type Readings, VirState } from "../../workloads/records.ts";
import type { Workload, WorkloadSource } from "../../workloads/workloads.ts";
import type { ContainerFacts } from "./answers.ts";
import type { ContainerCounters } from "./counters.ts";

export interface ContainerWorld {
  readonly source: Pick<WorkloadSource, "begin" | "openGroup">;
  readonly clock: Pick<Clock, "uptime" | "after">;
  /** Undefined where the engine does not know the container any more; rejects where it cannot be asked. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
  /** Report hostnames instead of names. */
  readonly useHostname: boolean;
  debug(message: () => string): void;
}

/** What becomes of a container is told here. */
export interface ContainerList {
  readonly counters: ContainerCounters;
  /** It is over, and is forgotten. `reported`: its last sample was sent. */
  remove(container: Container, reported: boolean): void;
}

export interface Start {
  readonly id: string;
  /** Undefined where the event has none. */
  readonly name: string | undefined;
  readonly state: number;
  /** May be a late event of a run that has ended: reported when a process of it is found, else forgotten. */
  readonly doubtful: boolean;
}

/** The next list comes too late for a container that only the engine can describe. */
const RETRY_MS = 2000;

/** Returns the first 16 bytes of the id, which is 64 hex digits. */
export const containerUuid = (id: string): Uint8Array => Uint8Array.from(Buffer.from(id.slice(0, 32), "hex"));

export class Container {
  readonly id: string;
  /** Uptime. */
  readonly startedAt: number;
  readonly #world: ContainerWorld;
  readonly #list: ContainerList;
  readonly #group: ProcessGroup;
  #workload: Workload | undefined;
  #name: string | undefined;
  #state: number;
  /** As inspected: `--cpus`. */
  #cpus: number | undefined;
  #learned = false;
  #introduced = false;
  #gone = false;
  #retry: Timer | undefined;

  constructor(world: ContainerWorld, list: ContainerList, { id, name, state, doubtful }: Start) {
    this.id = id;
    this.#world = world;
    this.#list = list;
    this.startedAt = world.clock.uptime();
    this.#state = state;
    this.#name = world.useHostname ? undefined : name;
    this.#group = world.source.openGroup({ container: id }, () => this.#finish());
    if (!doubtful) this.#begin();
  }

  /** The engine has described it. */
  get learned(): boolean {
    return this.#learned;
  }

  /** Over, or never begun because all data sources are taken. */
  get isGone(): boolean {
    return this.#gone;
  }

  get pid(): number | undefined {
    return this.#group.pid;
  }

  /** Its end is noticed without the engine. */
  get watched(): boolean {
    return this.#group.watched;
  }

  get alive(): boolean {
    return this.#group.alive;
  }

  /** Sends the first sample before the engine is asked, except where only the engine knows the process or the name. */
  introduce(): void {
    if (this.#gone) return;
    if (this.#group.over) {
      this.end();
      return;
    }
    if (this.#group.pid !== undefined && !this.#world.useHostname) this.#sampleFirst();
    void this.learn();
  }

  /** Asks the engine for what events do not say. Never rejects. */
  async learn(): Promise<void> {
    try {
      const facts = await this.#world.inspect(this.id);
      if (!this.#gone) this.#take(facts);
    } catch (error) {
      this.#list.counters.inspectFailed++;
      this.#world.debug(() => `${this.id}: cannot be inspected: ${messageOf(error)}`);
      if (this.#gone) return;
      this.#retry?.cancel();
      this.#retry = this.#world.clock.after(RETRY_MS, () => void this.learn());
    }
  }

  change(state: number): void {
    this.#state = state;
    this.#workload?.setState(state);
  }

  rename(name: string | undefined): void {
    if (name === undefined || this.#world.useHostname || name === this.#name) return;
    this.#setName(name);
    this.#sample();
  }

  networkChanged(): void {
    this.#group.networkChanged();
    this.#sample();
  }

  /** Reads the final counters, and sends the last sample. */
  end(): void {
    this.#group.end();
  }

  /** Stops without a sample: the agent ends, not the container. */
  release(): void {
    this.#gone = true;
    this.#retry?.cancel();
    this.#workload?.release();
    this.#group.release();
  }

  #begin(): void {
    const identity = { uuid: containerUuid(this.id), name: this.#name, startTime: this.#group.startTime };
    this.#workload = this.#world.source.begin(identity, () => this.#read());
    this.#workload?.setState(this.#state);
    if (this.#workload !== undefined) return;
    this.#world.debug(() => `${this.id}: not reported, all data sources are taken`);
    this.release();
    this.#list.remove(this, false);
  }

  #read(): Readings {
    const now = this.#group.read();
    return this.#cpus === undefined ? now : { ...now, processors: this.#cpus };
  }

  #take(facts: ContainerFacts | undefined): void {
    this.#learned = true;
    this.#retry?.cancel();
    this.#cpus = facts?.cpus;
    if (facts !== undefined) this.#setName(this.#world.useHostname ? facts.hostname : facts.name);
    if (facts !== undefined && facts.pid > 0) this.#group.adopt(facts.pid);
    if (this.#group.over || this.#group.pid === undefined) {
      this.end();
      return;
    }
    this.#group.limitsChanged();
    if (this.#introduced) return;
    if (facts?.state === "paused") this.change(VirState.paused);
    this.#sampleFirst();
  }

  #setName(name: string): void {
    this.#name = name;
    this.#workload?.rename(name);
  }

  #sampleFirst(): void {
    if (this.#introduced) return;
    if (this.#workload === undefined) this.#begin();
    if (this.#workload === undefined) return;
    this.#countFirst();
    this.#workload.sampleNow();
  }

  #countFirst(): void {
    const { counters } = this.#list;
    this.#introduced = true;
    counters.started++;
    if (this.#group.found) return;
    counters.unread++;
    this.#world.debug(() => `${this.id}: no control group, so it is reported without counters`);
  }

  #sample(): void {
    if (this.#introduced) this.#workload?.sampleNow();
  }

  #finish(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#retry?.cancel();
    const workload = this.#workload;
    if (workload !== undefined && !this.#introduced) {
      this.#list.counters.blinks++;
      this.#countFirst();
    }
    workload?.end();
    this.#list.remove(this, workload !== undefined);
  }
}
