// Stays connected to systemd by D-Bus. Without a connection, scans the tree of control groups instead.

import type { Clock, Timer } from "../../host/host.ts";
import { limitConcurrency } from "../../host/limit-concurrency.ts";
import { makeBackOff } from "../../host/make-back-off.ts";
import type { Logger } from "../../log/logger.ts";
import type { BusListener, ListedUnit, SystemdBus } from "./bus.ts";
import type { CgroupTree } from "./cgroup-tree.ts";
import type { Services } from "./services.ts";
import { mayRun } from "./unit-state.ts";

export interface FollowWorld {
  /** Address of the bus: `unix:path=/run/dbus/system_bus_socket`. */
  readonly address: string;
  openBus(address: string, listener: BusListener): Promise<SystemdBus>;
  readonly tree: Pick<CgroupTree, "scan" | "found" | "invocationOf">;
  readonly services: Services;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between lists, which find services whose signals were lost. */
  readonly listEvery: number;
  /** Called when all running services are known. */
  settled(): void;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** Without a bus, a service is found this late at most. */
const SCAN_MS = 1000;
const AT_ONCE = 8;

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ECONNREFUSED") return "no bus there";
  if (code === "EACCES") return "permission denied";
  return message.trim().split("\n")[0] || "no answer";
};

export class Following {
  readonly counters = { connections: 0, signals: 0, lists: 0 };
  readonly #world: FollowWorld;
  readonly #backOff = makeBackOff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  readonly #turn = limitConcurrency(AT_ONCE);
  #bus: SystemdBus | undefined;
  #retry: Timer | undefined;
  #listing: Timer | undefined;
  #scanning: Timer | undefined;
  #stopped = false;
  #said = "";
  #obstacle: string | undefined;

  constructor(world: FollowWorld) {
    this.#world = world;
    void this.#attempt();
  }

  /** The reason why systemd is not followed by D-Bus at this moment. */
  get obstacle(): string | undefined {
    return this.#obstacle;
  }

  /** The open bus; undefined without a connection. */
  get bus(): SystemdBus | undefined {
    return this.#bus;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of [this.#retry, this.#listing, this.#scanning]) timer?.cancel();
    this.#bus?.close();
  }

  async #attempt(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      this.#leave(reasonOf(error));
    }
    if (this.#stopped) return;
    this.#retry = this.#world.clock.after(this.#backOff.next(), () => void this.#attempt());
  }

  /** Resolves when the connection has ended. */
  async #connect(): Promise<void> {
    const { address, openBus, services, clock, log } = this.#world;
    const listener: BusListener = {
      onState: (state) => {
        this.counters.signals++;
        log.debug(2, () => `${state.unit}: ${state.active} (${state.sub}), process ${state.pid}, ${state.invocation}`);
        services.onState(state);
      },
      onReload: () => void this.#list().catch(() => this.#bus?.close()),
    };
    const bus = await openBus(address, listener);
    if (this.#stopped) return bus.close();
    this.#bus = bus;
    services.setBus(bus);
    const began = clock.uptime();
    const gone = bus.ended.then(() => Promise.reject(new Error("the connection to the bus was closed")));
    await Promise.race([this.#list(), gone]);
    if (this.#stopped) return;
    this.#scanning?.cancel();
    this.#scanning = undefined;
    this.counters.connections++;
    this.#say("info", `following systemd on ${address}`);
    this.#listing = clock.every(this.#world.listEvery, () => void this.#list().catch(() => bus.close()));
    await bus.ended;
    if (clock.uptime() - began > LONGEST_WAIT_MS) this.#backOff.reset();
    if (!this.#stopped) this.#leave("the connection to the bus was closed");
  }

  async #list(): Promise<void> {
    const bus = this.#bus;
    if (bus === undefined) return;
    const { services, tree, settled, clock } = this.#world;
    const asked = clock.uptime();
    const listed = (await bus.list()).filter(mayRun);
    if (this.#stopped) return;
    services.onAll(new Set(listed.map(({ unit }) => unit)), asked);
    const paths = tree.scan(services.watched);
    const unknown = listed.filter(({ unit }) => !services.has(unit));
    await Promise.all(unknown.map((unit) => this.#turn(() => this.#find(bus, unit, paths.get(unit.unit)))));
    if (this.#stopped) return;
    this.counters.lists++;
    settled();
  }

  async #find(bus: SystemdBus, listed: ListedUnit, path: string | undefined): Promise<void> {
    if (path === undefined) return;
    const { unit, pid, invocation } = await bus.describe(listed);
    if (!this.#stopped) this.#world.services.onFound({ unit, path, pid, invocation });
  }

  /** Goes on without a bus. */
  #leave(reason: string): void {
    if (this.#stopped) return;
    const { address, services, clock } = this.#world;
    this.#listing?.cancel();
    this.#bus?.close();
    this.#bus = undefined;
    services.setBus(undefined);
    this.#say("warn", `${address}: ${reason}; services are found in the control groups, up to a second late`);
    this.#scan();
    this.#scanning ??= clock.every(SCAN_MS, () => this.#scan());
  }

  #scan(): void {
    const { tree, services, settled } = this.#world;
    const paths = tree.scan(services.watched);
    services.onAll(new Set(paths.keys()), Number.POSITIVE_INFINITY);
    for (const [unit, path] of paths) services.onFound({ unit, path, pid: 0, invocation: tree.invocationOf(unit) });
    if (tree.found) settled();
  }

  /** Logs a state once, however often connecting fails. */
  #say(level: "info" | "warn", message: string): void {
    if (message !== this.#said) this.#world.log[level](message);
    this.#said = message;
    this.#obstacle = level === "warn" ? message : undefined;
  }
}
