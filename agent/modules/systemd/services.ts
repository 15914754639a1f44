// All running services by unit. Signals and lists of systemd, and the tree of control groups, begin and end them.

import type { Clock } from "../../host/host.ts";
import type { CgroupTree } from "./cgroup-tree.ts";
import { Service, type ServiceStart, type ServiceWorld } from "./service.ts";
import { mayRun, type UnitState } from "./unit-state.ts";

export interface ServicesWorld extends ServiceWorld {
  readonly tree: Pick<CgroupTree, "firstProcess" | "pathOf" | "usualPath">;
  readonly clock: Pick<Clock, "uptime" | "wallNanoseconds">;
  debug(message: () => string): void;
  /** Called after the first sample of a run of the service. */
  onBegin?(service: Service): void;
  /** Called after the last sample of a run of the service. */
  onEnd?(service: Service): void;
}

/** Answers of systemd about a run that has ended. */
export interface FinalCounters {
  /** Returns milliseconds; undefined if systemd does not know. */
  cpuTime(unit: string): Promise<number | undefined>;
}

/** Number of units whose last run is remembered. */
const REMEMBERED = 4096;

export class Services {
  readonly counters = { started: 0, ended: 0, found: 0, missed: 0, unread: 0 };
  readonly #world: ServicesWorld;
  readonly #running = new Map<string, Service>();
  /** Services that have ended, until systemd has answered how much processor time they took. */
  readonly #ending = new Map<string, Service>();
  /** Invocation of the last run that was reported, by unit. */
  readonly #reported = new Map<string, string>();
  /** Start of this agent, in seconds of the UNIX epoch. An earlier run was not missed. */
  readonly #since: number;
  #bus: FinalCounters | undefined;

  constructor(world: ServicesWorld) {
    this.#world = world;
    this.#since = Number(world.clock.wallNanoseconds() / 1_000_000n) / 1000;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Units whose end a pidfd reports. */
  get watched(): ReadonlySet<string> {
    return new Set([...this.#running.values()].filter(({ watched }) => watched).map(({ unit }) => unit));
  }

  has(unit: string): boolean {
    return this.#running.has(unit);
  }

  /** Without a bus, a service ends with its last process. */
  setBus(bus: FinalCounters | undefined): void {
    this.#bus = bus;
  }

  /** Takes the new state of a unit. */
  onState(state: UnitState): void {
    const { unit, pid, invocation } = state;
    const known = this.#running.get(unit);
    // systemd reports the first process of a run before it says that the unit is active.
    if (pid === 0 && !mayRun(state)) this.#onStopped(state, known);
    else if (known === undefined || known.isOther(invocation)) {
      if (known !== undefined) this.#finish(known);
      const path = pid > 0 ? (this.#world.tree.pathOf(unit, pid) ?? this.#world.tree.usualPath(unit)) : undefined;
      // Another signal follows when the unit has a process.
      if (path === undefined) return;
      this.#begin({ unit, path, pid, invocation });
    } else known.onState(state);
  }

  /** Takes a service that runs already, from the list or from the tree. */
  onFound(start: ServiceStart & { readonly path: string }): void {
    if (this.#running.has(start.unit) || this.#world.tree.firstProcess(start.path) === undefined) return;
    this.counters.found++;
    this.#begin(start);
  }

  /**
   * Takes the names of all running services, as of uptime `asked` or later. A service that is not among them has ended,
   * unless it began since then.
   */
  onAll(units: ReadonlySet<string>, asked: number): void {
    for (const service of [...this.#running.values()]) {
      if (units.has(service.unit)) service.limitsChanged();
      else if (service.startedAt < asked) this.#finish(service);
    }
  }

  /** Releases all services without a sample: the agent ends, not they. */
  stop(): void {
    for (const service of [...this.#ending.values()]) this.#end(service, undefined);
    for (const service of this.#running.values()) service.release();
    this.#running.clear();
  }

  #begin(start: ServiceStart): void {
    const { unit } = start;
    const before = this.#ending.get(unit);
    if (before !== undefined) this.#end(before, undefined);
    const service = new Service(this.#world, start, () => this.#onEmpty(service));
    if (service.source === undefined) {
      this.#world.debug(() => `${unit}: not reported, all data sources are taken`);
      service.release();
      return;
    }
    this.#remember(start);
    this.counters.started++;
    if (!service.found) this.counters.unread++;
    this.#running.set(unit, service);
    service.sampleFirst();
    this.#world.onBegin?.(service);
  }

  #onStopped(state: UnitState, known: Service | undefined): void {
    if (known === undefined) {
      if (this.#isUnseen(state)) this.#onMissed(state);
      return;
    }
    if (!known.isOther(state.invocation)) this.#remember(state);
    this.#finish(known);
  }

  /** A unit without processes may start another before it is inactive. With a bus, systemd reports both. */
  #onEmpty(service: Service): void {
    if (this.#bus === undefined && this.#running.get(service.unit) === service) this.#finish(service);
  }

  /** Tells whether this run began and ended between two signals. */
  #isUnseen({ unit, invocation, startedAt }: UnitState): boolean {
    return invocation !== "" && startedAt >= this.#since && this.#reported.get(unit) !== invocation;
  }

  #onMissed({ unit, invocation }: UnitState): void {
    this.counters.missed++;
    this.#begin({ unit, path: this.#world.tree.usualPath(unit), pid: 0, invocation });
    const service = this.#running.get(unit);
    if (service !== undefined) this.#finish(service);
  }

  #finish(service: Service): void {
    const { unit } = service;
    this.#running.delete(unit);
    service.close();
    this.#ending.set(unit, service);
    const bus = this.#bus;
    if (bus === undefined) this.#end(service, undefined);
    else void bus.cpuTime(unit).then((cpuTime) => this.#end(service, cpuTime));
  }

  #end(service: Service, cpuTime: number | undefined): void {
    if (this.#ending.get(service.unit) !== service) return;
    this.#ending.delete(service.unit);
    service.end(cpuTime);
    this.counters.ended++;
    this.#world.onEnd?.(service);
  }

  #remember({ unit, invocation }: Pick<ServiceStart, "unit" | "invocation">): void {
    if (invocation === "") return;
    this.#reported.delete(unit);
    this.#reported.set(unit, invocation);
    const [oldest] = this.#reported.keys();
    if (this.#reported.size > REMEMBERED && oldest !== undefined) this.#reported.delete(oldest);
  }
}
