// One run of a container, from its first sample at the start to its last sample at the end. Name and limits are
// completed by an inspect request to the engine.

import type { Timer } from "../../host/host.ts";
import { messageOf } from "../../log/message-of.ts";
import type { ProcessGroup } from "../../workloads/process-group.ts";
import { type Readings, VirState } from "../../workloads/records.ts";
import type { Workload } from "../../workloads/workloads.ts";
import type { ContainerFacts } from "./answers.ts";
import type { ContainerList, ContainerWorld, Start } from "./container-world.ts";

/**
 * Wait before a failed inspect request is repeated. Some containers cannot be reported without the reply to this
 * request, and the next list of containers may come only two minutes later.
 */
const RETRY_MS = 2000;

/** Returns the first 16 bytes of the id, which is 64 hex digits. */
export const containerUuid = (id: string): Uint8Array => Uint8Array.from(Buffer.from(id.slice(0, 32), "hex"));

export class Container {
  readonly id: string;
  /** Uptime in milliseconds. */
  readonly startedAt: number;
  /** Uptime at which the last list with this container was requested. */
  listedAt = 0;
  readonly #world: ContainerWorld;
  readonly #list: ContainerList;
  readonly #group: ProcessGroup;
  readonly #start: Start;
  #workload: Workload | undefined;
  #name: string | undefined;
  #state: number;
  /** Number of processors from `--cpus`, as the last inspect reported it. */
  #cpus: number | undefined;
  /** Start of this run as the engine reports it, in milliseconds of the UNIX epoch. */
  #engineStart: number | undefined;
  #decided = false;
  #learned = false;
  #introduced = false;
  #gone = false;
  #retry: Timer | undefined;

  constructor(world: ContainerWorld, list: ContainerList, start: Start) {
    const { id, name, state = VirState.running, doubtful } = start;
    this.id = id;
    this.#start = start;
    this.#world = world;
    this.#list = list;
    this.startedAt = world.clock.uptime();
    this.#state = state;
    this.#name = world.useHostname ? undefined : name;
    this.#group = world.source.openGroup({ container: id }, () => this.#finish());
    // Without a process, only the engine knows which run this is, and so whether it continues sequence numbers.
    if (!doubtful && (this.#group.pid !== undefined || this.#group.over)) this.#begin();
  }

  /** True after the first successful inspect. */
  get learned(): boolean {
    return this.#learned;
  }

  /** True after the end, and if all data sources were in use at the start. */
  get isGone(): boolean {
    return this.#gone;
  }

  get pid(): number | undefined {
    return this.#group.pid;
  }

  /** True if the kernel notifies the agent of the end (pidfd), so that no event of the engine is needed. */
  get watched(): boolean {
    return this.#group.watched;
  }

  get alive(): boolean {
    return this.#group.alive;
  }

  /** Sends the first sample, and then inspects. Inspects first if the process or the hostname is still unknown. */
  introduce(): void {
    if (this.#gone) return;
    if (this.#group.over) {
      this.end();
      return;
    }
    if (this.#group.pid !== undefined && !this.#world.useHostname) this.#sampleFirst();
    void this.learn();
  }

  /** Inspects the container for facts that events do not have, such as limits. Never rejects. */
  async learn(): Promise<void> {
    try {
      const facts = await this.#world.inspect(this.id);
      if (!this.#gone) this.#take(facts);
    } catch (error) {
      this.#list.counters.inspectFailed++;
      this.#world.debug(() => `${this.id}: inspect failed: ${messageOf(error)}`);
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

  /** Reads the final counters and sends the last sample. */
  end(): void {
    this.#group.end();
  }

  /** Stops tracking the container without a last sample, because the agent stops and the container keeps running. */
  release(): void {
    this.#gone = true;
    this.#retry?.cancel();
    this.#workload?.release();
    this.#group.release();
  }

  #begin(): void {
    const startTime = this.#group.startTime ?? this.#engineStart?.toString();
    const identity = { uuid: containerUuid(this.id), name: this.#name, startTime };
    this.#workload = this.#world.source.begin(identity, () => this.#read());
    this.#workload?.setState(this.#state);
    this.#decide();
    if (this.#workload !== undefined) return;
    this.#list.counters.dropped++;
    this.#world.debug(() => `${this.id}: not reported, because all 50,000 data sources are in use`);
    this.release();
    this.#list.remove(this, false);
  }

  #decide(): void {
    if (!this.#decided) this.#list.decided();
    this.#decided = true;
  }

  #read(): Readings {
    const now = this.#group.read();
    return this.#cpus === undefined ? now : { ...now, processors: this.#cpus };
  }

  #take(facts: ContainerFacts | undefined): void {
    const first = !this.#learned;
    this.#learned = true;
    this.#retry?.cancel();
    const isForeign = facts !== undefined && !this.#takeFacts(facts);
    if (first && this.#start.listed && facts?.startedAt !== undefined) this.#list.unannounced(facts.startedAt);
    if (this.#group.over || (this.#group.pid === undefined && !isForeign)) {
      this.end();
      return;
    }
    this.#group.limitsChanged();
    if (this.#introduced) return;
    if (facts?.state === "paused") this.change(VirState.paused);
    this.#sampleFirst();
  }

  /** Returns false if the process of the engine's answer is not a process of this container on this host. */
  #takeFacts({ name, hostname, pid, cpus, startedAt }: ContainerFacts): boolean {
    this.#cpus = cpus;
    this.#setName(this.#world.useHostname ? hostname : name);
    if (startedAt !== undefined) this.#engineStart = Math.round(startedAt * 1000);
    return pid === 0 || this.#group.adopt(pid);
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
    this.#world.debug(() => `${this.id}: no cgroup found, so the container is reported without counters`);
  }

  #sample(): void {
    if (this.#introduced) this.#workload?.sampleNow();
  }

  #finish(): void {
    if (this.#gone) return;
    if (this.#workload === undefined && !this.#start.doubtful) this.#begin();
    if (this.#gone) return;
    this.#gone = true;
    this.#decide();
    this.#retry?.cancel();
    const workload = this.#workload;
    if (workload !== undefined && !this.#introduced) {
      this.#list.counters.blinks++;
      if (this.#start.late) this.#list.counters.missed++;
      this.#countFirst();
    }
    workload?.end();
    this.#list.remove(this, workload !== undefined);
  }
}
