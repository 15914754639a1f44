// The running containers by id, updated from events and lists of the engine. See Docker Engine API, "system events".

import type { WorkQueue } from "../../host/work-queue.ts";
import { VirState } from "../../workloads/records.ts";
import type { ContainerFacts, LifecycleEvent, ListedContainer } from "./answers.ts";
import { Container } from "./container.ts";
import type { ContainerList, ContainerWorld, Start } from "./container-world.ts";
import { zeroCounters } from "./counters.ts";
import type { ContainerListing } from "./engine.ts";
import type { EngineListener } from "./follow.ts";
import { RecentlyEnded } from "./recently-ended.ts";

export interface ContainersWorld extends ContainerWorld {
  /** Seconds of the UNIX epoch. */
  wall(): number;
  /** Called when all running containers are known, and which of their runs have sequence numbers to continue. */
  settled(): void;
  readonly queue: WorkQueue;
  /** Receives the start of a container that a list has and no event has named, in seconds of the UNIX epoch. */
  unannounced(startedAt: number): void;
}

/** As many as there are data sources for workloads. */
const MOST = 50_000;
/** Seconds. An event that comes later than this was held up, so the container may have ended unnoticed. */
const LATE = 2;

const stateOf = (listed: string): number => (listed === "paused" ? VirState.paused : VirState.running);

export class Containers implements EngineListener, ContainerList {
  readonly counters = zeroCounters();
  readonly #world: ContainersWorld;
  readonly #containers = new Map<string, Container>();
  readonly #ended = new RecentlyEnded();
  /** Number of containers without a data source yet, because it is not known whether this run had one before. */
  #undecided = 0;
  #isListed = false;
  #stopped = false;

  constructor(world: ContainersWorld) {
    this.#world = world;
  }

  get running(): number {
    return this.#containers.size;
  }

  onEvent(event: LifecycleEvent): void {
    switch (event.action) {
      case "start":
        this.#onStart(event);
        break;
      case "die":
        this.#onDie(event);
        break;
      case "oom":
        this.#onOutOfMemory(event);
        break;
      default:
        onChange(this.#containers.get(event.id), event);
    }
  }

  async onList({ containers: listed, cut }: ContainerListing, asked: number): Promise<void> {
    await this.#each(listed, (container) => this.#onListed(container, asked));
    if (!cut) await this.#each(this.#containers.values(), (container) => endIfMissing(container, asked));
    this.#isListed = !this.#stopped;
    this.#settle();
  }

  onEnded(ended: readonly ContainerFacts[]): Promise<void> {
    return this.#each(ended, ({ id, name, startedAt }) => {
      if (this.#containers.has(id) || this.#ended.covers(id, startedAt)) return;
      this.counters.missed++;
      this.#begin({ id, name });
    });
  }

  decided(): void {
    this.#undecided--;
    this.#settle();
  }

  unannounced(startedAt: number): void {
    this.#world.unannounced(startedAt);
  }

  remove(container: Pick<Container, "id">, reported: boolean): void {
    if (this.#containers.get(container.id) === container) this.#containers.delete(container.id);
    if (!reported) return;
    this.#ended.remember(container.id, this.#world.wall());
    this.counters.ended++;
  }

  /** Stops tracking all containers without last samples, because the agent stops and the containers keep running. */
  stop(): void {
    this.#stopped = true;
    for (const container of this.#containers.values()) container.release();
    this.#containers.clear();
  }

  /** Does the work for each item, in slices of time. */
  async #each<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
    for (const item of items) {
      if (this.#stopped) return;
      work(item);
      const turn = this.#world.queue.next();
      if (turn !== undefined) await turn;
    }
  }

  #settle(): void {
    if (this.#isListed && this.#undecided === 0) this.#world.settled();
  }

  #begin(start: Start): void {
    if (this.#containers.size >= MOST) {
      this.counters.dropped++;
      return;
    }
    this.#undecided++;
    const container = new Container(this.#world, this, start);
    if (container.isGone) return;
    this.#containers.set(start.id, container);
    container.introduce();
  }

  /**
   * Ignores a start event if the container is already known, from a list or from an earlier delivery of the same event.
   * A repeated event may also name a container that has ended. The start is then doubtful, unless its time is after
   * that end.
   */
  #onStart({ id, name, time }: LifecycleEvent): void {
    const known = this.#containers.get(id);
    if (known !== undefined && (known.watched || known.pid === undefined)) return;
    if (known?.alive) return;
    known?.end();
    const late = time !== undefined && time < this.#world.wall() - LATE;
    this.#begin({ id, name, late, doubtful: this.#ended.covers(id, time) });
  }

  /**
   * Ignores a `die` that belongs to an earlier run of the same container. A `die` whose start was never seen is counted
   * as missed, and the run is reported afterwards.
   */
  #onDie({ id, name, time, exitCode }: LifecycleEvent): void {
    const known = this.#containers.get(id);
    if (known?.alive) return;
    known?.end();
    if (exitCode !== undefined) this.#world.debug(() => `${name ?? id}: ended with exit code ${exitCode}`);
    if (this.#ended.confirm(id, time)) return;
    this.counters.missed++;
    this.#begin({ id, name });
    this.#ended.confirm(id, time);
  }

  /** Accepts ids that are no longer in the table, because the container may have ended before this event arrives. */
  #onOutOfMemory({ id, name }: LifecycleEvent): void {
    this.counters.outOfMemory++;
    this.#world.debug(() => `${name ?? id}: out of memory`);
  }

  #onListed({ id, name, state }: ListedContainer, asked: number): void {
    if (state !== "running" && state !== "paused") return;
    const known = this.#containers.get(id);
    if (known === undefined) {
      this.counters.found++;
      const doubtful = this.#ended.covers(id, undefined);
      this.#begin({ id, name, state: stateOf(state), listed: true, doubtful });
      return;
    }
    known.listedAt = asked;
    known.rename(name);
    known.change(stateOf(state));
    if (!known.learned) void known.learn();
  }
}

/** Ends a container that is missing in the list that was requested at uptime `asked`, unless it started later. */
function endIfMissing(container: Container, asked: number): void {
  if (container.listedAt < asked && container.startedAt < asked && !container.watched) container.end();
}

function onChange(container: Container | undefined, { action, name }: LifecycleEvent): void {
  switch (action) {
    case "pause":
      container?.change(VirState.paused);
      break;
    case "unpause":
      container?.change(VirState.running);
      break;
    case "rename":
      container?.rename(name);
      break;
    case "update":
      void container?.learn();
      break;
    case "network connect":
    case "network disconnect":
      container?.networkChanged();
      break;
  }
}
