// systemd on the system bus: signals when a service changes, and calls that ask about one. See the D-Bus specification
// and org.freedesktop.systemd1(5).

import { createClient, type Message, type MessageBus } from "dbus-native";
import { isService, serviceAt, unitPath } from "./unit-name.ts";
import type { UnitState } from "./unit-state.ts";

export interface ListedUnit {
  readonly unit: string;
  readonly active: string;
  readonly sub: string;
}

export interface BusListener {
  onState(state: UnitState): void;
  /** systemd has reloaded its unit files. */
  onReload(): void;
}

export interface SystemdBus {
  /** Resolves when the connection ends, or when systemd leaves the bus. */
  readonly ended: Promise<void>;
  /** Lists the services that are not inactive. */
  list(): Promise<readonly ListedUnit[]>;
  describe(listed: ListedUnit): Promise<UnitState>;
  /** Returns the processor time of the last run in milliseconds; undefined if systemd does not know. Never rejects. */
  cpuTime(unit: string): Promise<number | undefined>;
  /** Returns the inode of the control group on cgroup v2; undefined if there is none. Never rejects. */
  groupId(unit: string): Promise<number | undefined>;
  close(): void;
}

const SYSTEMD = "org.freedesktop.systemd1";
const MANAGER_PATH = "/org/freedesktop/systemd1";
const [MANAGER, UNIT, SERVICE] = [`${SYSTEMD}.Manager`, `${SYSTEMD}.Unit`, `${SYSTEMD}.Service`];
const PROPERTIES = "org.freedesktop.DBus.Properties";
const SIGNAL = 4;

/** A call that was not answered by then has failed. */
const DEADLINE_MS = 10_000;
const ACTIVE = ["active", "reloading", "activating", "deactivating"];
/** Value of a counter that systemd does not have. */
const UNSET = 0xffff_ffff_ffff_ffffn;

const changes = (of: string): string =>
  `type='signal',sender='${SYSTEMD}',interface='${PROPERTIES}',member='PropertiesChanged',arg0='${of}'`;
const RULES = [
  changes(SERVICE),
  changes(UNIT),
  `type='signal',sender='${SYSTEMD}',interface='${MANAGER}',member='Reloading'`,
  `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${SYSTEMD}'`,
];

type Properties = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" || typeof value === "bigint" ? Number(value) : 0);
const hex = (value: unknown): string => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : "");
const known = (value: unknown): number | undefined =>
  typeof value === "bigint" && value !== UNSET ? Number(value) : undefined;

function stateOf(unit: string, properties: Properties, pid: number): UnitState {
  return {
    unit,
    active: text(properties["ActiveState"]),
    sub: text(properties["SubState"]),
    pid,
    invocation: hex(properties["InvocationID"]),
    startedAt: number(properties["InactiveExitTimestamp"]) / 1e6,
  };
}

/**
 * Connects to a bus. `address` is as in DBUS_SYSTEM_BUS_ADDRESS. Rejects if there is no bus, or no systemd on it, or if
 * a call is not answered within `timeout` milliseconds.
 */
export async function openBus(address: string, listener: BusListener, timeout = DEADLINE_MS): Promise<SystemdBus> {
  // The kernel vouches for the user. A cookie would be read from a home that the agent has given up with root.
  // `direct` leaves the call of Hello to us, because dbus-native throws where no one catches if Hello fails.
  const connection = { busAddress: address, authMethods: ["EXTERNAL"], direct: true, timeout };
  const client = createClient({ ...connection, plainValues: true, returnBigInt: true });
  const bus = new OpenBus(client, listener);
  try {
    await bus.subscribe();
    return bus;
  } catch (error) {
    bus.close();
    throw error;
  }
}

class OpenBus implements SystemdBus {
  readonly ended: Promise<void>;
  readonly #client: MessageBus;
  readonly #listener: BusListener;
  /** Rejects when the connection fails, so that no call waits for its deadline. */
  readonly #broken: Promise<never>;
  /** Process of each service whose own signal was read. The signal of its unit, which completes it, is the next. */
  readonly #pids = new Map<string, number>();
  #onEnd = (): void => undefined;

  constructor(client: MessageBus, listener: BusListener) {
    this.#client = client;
    this.#listener = listener;
    this.ended = new Promise((resolve) => {
      this.#onEnd = resolve;
      client.connection.on("close", () => resolve());
    });
    this.#broken = new Promise((_, reject) => client.connection.on("error", reject));
    this.#broken.catch(() => this.#onEnd());
    client.connection.on("message", (message) => this.#onMessage(message));
  }

  async subscribe(): Promise<void> {
    await Promise.race([this.#client.invokeDbus({ member: "Hello" }), this.#broken]);
    const rules = Promise.all(RULES.map((rule) => this.#client.addMatch(rule)));
    await Promise.race([rules, this.#broken]);
    await this.#ask(MANAGER_PATH, MANAGER, "Subscribe");
  }

  async list(): Promise<readonly ListedUnit[]> {
    const answer = await this.#ask(MANAGER_PATH, MANAGER, "ListUnitsByPatterns", "asas", [ACTIVE, ["*.service"]]);
    if (!Array.isArray(answer)) throw new Error("systemd's answer is not a list of units");
    return answer.flatMap((row: unknown) => {
      const [unit, , , active, sub] = Array.isArray(row) ? row.map(text) : [];
      return unit !== undefined && isService(unit) ? [{ unit, active: active ?? "", sub: sub ?? "" }] : [];
    });
  }

  async describe({ unit, active, sub }: ListedUnit): Promise<UnitState> {
    const [invocation, pid] = await Promise.all([
      this.#get(unit, UNIT, "InvocationID"),
      this.#get(unit, SERVICE, "MainPID"),
    ]);
    return { unit, active, sub, pid: number(pid), invocation: hex(invocation), startedAt: 0 };
  }

  async cpuTime(unit: string): Promise<number | undefined> {
    const nanoseconds = known(await this.#getOrNothing(unit, "CPUUsageNSec"));
    return nanoseconds === undefined ? undefined : Math.floor(nanoseconds / 1e6);
  }

  async groupId(unit: string): Promise<number | undefined> {
    return known(await this.#getOrNothing(unit, "ControlGroupId")) || undefined;
  }

  close(): void {
    this.#client.connection.end();
    this.#onEnd();
  }

  #ask(path: string, iface: string, member: string, signature = "", body: unknown[] = []): Promise<unknown> {
    const call = { destination: SYSTEMD, path, interface: iface, member, signature, body };
    return Promise.race([this.#client.invoke<unknown>(call), this.#broken]);
  }

  #get(unit: string, iface: string, property: string): Promise<unknown> {
    return this.#ask(unitPath(unit), PROPERTIES, "Get", "ss", [iface, property]);
  }

  /** A unit that systemd has unloaded is not an error. */
  #getOrNothing(unit: string, property: string): Promise<unknown> {
    return this.#get(unit, SERVICE, property).catch(() => undefined);
  }

  #onMessage({ type, path = "", member, body = [] }: Message): void {
    if (type !== SIGNAL) return;
    if (member === "PropertiesChanged") this.#onChange(path, text(body[0]), body[1] as Properties);
    else if (member === "Reloading" && body[0] === false) this.#listener.onReload();
    else if (member === "NameOwnerChanged") this.close();
  }

  #onChange(path: string, iface: string, properties: Properties): void {
    const unit = serviceAt(path);
    if (unit === undefined) return;
    if (iface === SERVICE) {
      this.#pids.set(unit, number(properties["MainPID"]) || number(properties["ControlPID"]));
      return;
    }
    const pid = this.#pids.get(unit) ?? 0;
    this.#pids.delete(unit);
    this.#listener.onState(stateOf(unit, properties, pid));
  }
}
