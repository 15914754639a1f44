// A bus on a unix socket of its own, and on it a systemd whose units are what a test says.

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBroker, createClient, Variant } from "dbus-native";
import { unitPath } from "../../../agent/modules/systemd/unit-name.ts";

const SYSTEMD = "org.freedesktop.systemd1";
const PATH = "/org/freedesktop/systemd1";
const PROPERTIES = "org.freedesktop.DBus.Properties";

export interface FakeUnit {
  active: string;
  sub: string;
  pid: number;
  /** Two hex digits, repeated to 16 bytes. */
  invocation: string;
  /** Seconds of the UNIX epoch. */
  startedAt: number;
  /** Nanoseconds. */
  cpu?: bigint;
  groupId?: bigint;
}

const UNSET = 0xffff_ffff_ffff_ffffn;
const bytes = (digits: string): Buffer => Buffer.from(digits.repeat(digits === "" ? 0 : 16), "hex");

export interface FakeSystemd {
  readonly address: string;
  readonly units: Map<string, FakeUnit>;
  /** Members of the calls that came, with the property they asked for. */
  readonly asked: string[];
  /** Tells that a unit has changed, as systemd does: first the service, then the unit. */
  change(unit: string, to?: Partial<FakeUnit>): void;
  reloaded(): void;
  /** The bus ends, and another is there in its place. */
  restart(): Promise<void>;
  /** systemd gives up its name. */
  leave(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSystemd(): Promise<FakeSystemd> {
  const folder = mkdtempSync(join(tmpdir(), "hsflowd-bus-"));
  const socket = join(folder, "bus");
  chmodSync(folder, 0o755);
  const units = new Map<string, FakeUnit>();
  const asked: string[] = [];
  let bus = await openBus(socket, units, asked);

  return {
    address: `unix:path=${socket}`,
    units,
    asked,
    change(unit, to = {}) {
      const now = Object.assign(units.get(unit) ?? stopped(), to);
      const { pid, active, sub, invocation, startedAt } = now;
      if (!units.has(unit)) bus.answer(unit);
      units.set(unit, now);
      const changed = (iface: string, properties: [string, Variant][]) =>
        bus.client.sendSignal(unitPath(unit), PROPERTIES, "PropertiesChanged", "sa{sv}as", [iface, properties, []]);
      changed(`${SYSTEMD}.Service`, [["MainPID", new Variant("u", pid)]]);
      changed(`${SYSTEMD}.Unit`, [
        ["ActiveState", new Variant("s", active)],
        ["SubState", new Variant("s", sub)],
        ["InvocationID", new Variant("ay", bytes(invocation))],
        ["InactiveExitTimestamp", new Variant("t", BigInt(startedAt) * 1_000_000n)],
      ]);
    },
    reloaded: () => bus.client.sendSignal(PATH, `${SYSTEMD}.Manager`, "Reloading", "b", [false]),
    async restart() {
      await bus.close();
      bus = await openBus(socket, units, asked);
    },
    leave: async () => void (await bus.client.releaseName(SYSTEMD)),
    async stop() {
      await bus.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export const stopped = (): FakeUnit => ({ active: "inactive", sub: "dead", pid: 0, invocation: "", startedAt: 0 });

async function openBus(socket: string, units: ReadonlyMap<string, FakeUnit>, asked: string[]) {
  const broker = createBroker({ authorize: () => true });
  await new Promise<void>((resolve, reject) =>
    broker.listen({ socket }, (error) => (error === null ? resolve() : reject(error))),
  );
  // Any user may speak on the bus.
  chmodSync(socket, 0o777);
  const client = createClient({ busAddress: `unix:path=${socket}` });
  client.connection.on("error", () => undefined);

  function answer(unit: string): void {
    const now = (): FakeUnit => units.get(unit) ?? stopped();
    const exportInterface = (
      iface: string,
      signatures: Record<string, string>,
      read: Record<string, () => unknown>,
    ) => {
      const object = {};
      for (const [name, value] of Object.entries(read)) {
        const get = (): unknown => {
          asked.push(`Get ${name}`);
          return value();
        };
        Object.defineProperty(object, name, { enumerable: true, get });
      }
      client.exportInterface(object, unitPath(unit), { name: iface, properties: signatures });
    };
    const service = { MainPID: "u", CPUUsageNSec: "t", ControlGroupId: "t" };
    exportInterface(`${SYSTEMD}.Service`, service, {
      MainPID: () => now().pid,
      CPUUsageNSec: () => now().cpu ?? UNSET,
      ControlGroupId: () => now().groupId ?? 0n,
    });
    exportInterface(`${SYSTEMD}.Unit`, { InvocationID: "ay" }, { InvocationID: () => bytes(now().invocation) });
  }

  function handle(path: string, iface: string, member: string, signature: string, reply: () => unknown): void {
    client.setMethodCallHandler(path, iface, member, [reply, signature]);
  }

  handle(PATH, `${SYSTEMD}.Manager`, "Subscribe", "", () => void asked.push("Subscribe"));
  handle(PATH, `${SYSTEMD}.Manager`, "ListUnitsByPatterns", "a(ssssssouso)", () => {
    asked.push("ListUnitsByPatterns");
    return [...units]
      .filter(([, { active }]) => active !== "inactive" && active !== "failed")
      .map(([unit, { active, sub }]) => [unit, "", "loaded", active, sub, "", unitPath(unit), 0, "", "/"]);
  });
  for (const unit of units.keys()) answer(unit);
  await client.requestName(SYSTEMD, 0);
  return {
    client,
    answer,
    async close() {
      await client.close();
      await new Promise<void>((resolve) => broker.close(resolve));
    },
  };
}
