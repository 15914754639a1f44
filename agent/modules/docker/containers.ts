// The running containers by id, updated from events and lists of the engine. See Docker Engine API, "system events".

import { VirState } from "../../workloads/records.ts";
import type { ContainerFacts, LifecycleEvent, ListedContainer } from "./answers.ts";
import { Container, type ContainerList, type ContainerWorld, type Start } from "./container.ts";
import { zeroCounters } from "./counters.ts";
import type { EngineListener } from "./follow.ts";
import { RecentlyEnded } from "./recently-ended.ts";

export interface ContainersWorld extends ContainerWorld {
  /** Seconds of the UNIX epoch. */
  wall(): number;
  /** Called when all running containers are known. */
  settled(): void;
}

const stateOf = (listed: string): number => (listed === "paused" ? VirState.paused : VirState.running);

export class Containers implements EngineListener, ContainerList {
  readonly counters = zeroCounters();
  readonly #world: ContainersWorld;
  readonly #containers = new Map<string, Container>();
  readonly #ended = new RecentlyEnded();

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

  onList(listed: readonly ListedContainer[], asked: number): void {
    const running = listed.filter(({ state }) => state === "running" || state === "paused");
    const ids = new Set(running.map(({ id }) => id));
    for (const container of [...this.#containers.values()]) {
      if (!ids.has(container.id) && container.startedAt < asked && !container.watched) container.end();
    }
    for (const container of running) this.#onListed(container);
    this.#world.settled();
  }

  onEnded(ended: readonly ContainerFacts[]): void {
    for (const { id, name, startedAt } of ended) {
      if (this.#containers.has(id) || this.#ended.covers(id, startedAt)) continue;
      this.counters.missed++;
      this.#begin({ id, name, state: VirState.running, doubtful: false });
    }
  }

  remove(container: Container, reported: boolean): void {
    if (this.#containers.get(container.id) === container) this.#containers.delete(container.id);
    if (!reported) return;
    this.#ended.remember(container.id, this.#world.wall());
    this.counters.ended++;
  }

  /** Stops tracking all containers without last samples, because the agent stops and the containers keep running. */
  stop(): void {
    for (const container of this.#containers.values()) container.release();
    this.#containers.clear();
  }

  #begin(start: Start): void {
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
    this.#begin({ id, name, state: VirState.running, doubtful: this.#ended.covers(id, time) });
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
    this.#begin({ id, name, state: VirState.running, doubtful: false });
    this.#ended.confirm(id, time);
  }

  /** Accepts ids that are no longer in the table, because the container may have ended before this event arrives. */
  #onOutOfMemory({ id, name }: LifecycleEvent): void {
    this.counters.outOfMemory++;
    this.#world.debug(() => `${name ?? id}: out of memory`);
  }

  #onListed({ id, name, state }: ListedContainer): void {
    const known = this.#containers.get(id);
    if (known === undefined) {
      this.counters.found++;
      this.#begin({ id, name, state: stateOf(state), doubtful: this.#ended.covers(id, undefined) });
      return;
    }
    known.rename(name);
    known.change(stateOf(state));
    if (!known.learned) void known.learn();
  }
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
