// Port providers: which provider describes an interface, how the description is used, and the effect of an error.

import { expect, it } from "vitest";
import type { AdaptorChange, PortFacts, PortProvider } from "../../agent/interfaces/adaptor.ts";
import { makeInterfaces } from "../../agent/interfaces/table.ts";
import type { LinkStats } from "../../agent/netlink/link-stats.ts";
import { counterRecord } from "../../agent/sflow/record.ts";
import { pfcCounters } from "../../agent/sflow/records/counter/pfc-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { makeLog } from "../fakes/log.ts";
import { makeRoutedHost } from "../fakes/routed-host.ts";
import { ENO1, ENO2, LOOPBACK } from "./links.ts";

const HARDWARE: LinkStats = {
  rx_packets: 9e9,
  tx_packets: 8e9,
  rx_bytes: 7e12,
  tx_bytes: 6e12,
  rx_errors: 5,
  tx_errors: 4,
  rx_dropped: 3,
  tx_dropped: 2,
  multicast: 1,
  rx_missed_errors: 0,
};

type Answers = Readonly<Record<string, PortFacts | "not-a-port">>;

/** Returns a provider that knows interfaces by their kernel name. */
const providerOf = (keyword: string, answers: Answers, more: Partial<PortProvider> = {}): PortProvider => ({
  keyword,
  facts: ({ device }) => answers[device],
  ...more,
});

function start() {
  const host = makeRoutedHost("bonded-bridge", [LOOPBACK, ENO1, ENO2]);
  const log = makeLog();
  const table = makeInterfaces(host, log);
  table.start();
  const seen: string[] = [];
  table.onChange(({ kind, adaptor }: AdaptorChange) => seen.push(`${kind} ${adaptor.name}`));
  const errors = () => log.lines.filter((line) => line.startsWith("error: "));
  return { host, table, errors, changes: () => seen.splice(0) };
}

it("replaces the name, alias and speed of a port, and keeps the kernel's other values", () => {
  const { table } = start();
  table.provide(providerOf("sonic", { eno1: { name: "Ethernet0", alias: "fortyGigE0/0", speed: 40e9 }, eno2: {} }));
  const seen = { name: "Ethernet0", device: "eno1", alias: "fortyGigE0/0", speed: 40e9, switchPort: true, master: 4 };
  expect(table.byIndex(2)).toMatchObject(seen);
  expect([table.byName("Ethernet0")?.index, table.byName("eno1")?.index]).toEqual([2, 2]);
  expect(table.byName("eno2")).toMatchObject({ name: "eno2", switchPort: true, countersFrom: undefined });
  expect(table.byName("lo")?.switchPort).toBe(undefined);
});

it("uses the description of the provider that registered first", () => {
  const { table } = start();
  table.provide(providerOf("first", { eno1: { name: "a" }, eno2: "not-a-port" }));
  table.provide(providerOf("second", { eno1: { name: "b", alias: "port b" }, eno2: { name: "c" }, lo: { name: "d" } }));
  expect(table.all().map(({ name, switchPort }) => [name, switchPort])).toEqual([
    ["d", true],
    ["a", true],
    ["eno2", false],
  ]);
  expect(table.byName("a")?.alias).toBe(ENO1.alias);
});

it("reports only interfaces that a provider describes differently", () => {
  const { host, table, changes } = start();
  const answers: Record<string, PortFacts> = { eno1: { speed: 40e9 } };
  const provision = table.provide(providerOf("sonic", answers));
  expect(changes()).toEqual(["changed eno1"]);
  provision.changed();
  expect(changes()).toEqual([]);
  answers["eno2"] = { name: "Ethernet4" };
  provision.changed();
  expect(changes()).toEqual(["changed Ethernet4"]);
  answers["eno3"] = { name: "Ethernet8" };
  host.kernel.put({ index: 30, name: "eno3" });
  expect(changes()).toEqual(["added Ethernet8"]);
});

it("uses the next provider, then the kernel, as providers are withdrawn", () => {
  const { table, changes } = start();
  const first = table.provide(providerOf("first", { eno1: { name: "a" } }, { counters: () => HARDWARE }));
  const second = table.provide(providerOf("second", { eno1: { name: "b" } }));
  first.close();
  expect(table.counters(2)).toMatchObject({ rx_packets: 4000 });
  second.close();
  second.close();
  second.changed();
  expect(changes()).toEqual(["changed a", "changed b", "changed eno1"]);
  expect(table.byIndex(2)).toMatchObject({ name: "eno1", switchPort: undefined });
});

it("passes the kernel's description to a provider, not the provider's earlier one", () => {
  const { host, table } = start();
  const asked: string[] = [];
  const facts: PortProvider["facts"] = ({ name }) => {
    asked.push(name);
    return { name: `port-${name}` };
  };
  table.provide({ keyword: "sonic", facts });
  host.kernel.put({ ...ENO1, alias: "another" });
  expect(new Set(asked)).toEqual(new Set(["lo", "eno1", "eno2"]));
  expect(table.byIndex(2)).toMatchObject({ name: "port-eno1", alias: "another" });
});

it("reads the counters of the hardware instead of the kernel's, and none while they are unknown", () => {
  const { table } = start();
  let counters: LinkStats | undefined = HARDWARE;
  table.provide(providerOf("plain", { eno2: {} }));
  table.provide(providerOf("sonic", { eno1: {}, eno2: {} }, { counters: () => counters }));
  expect(table.byIndex(2)?.countersFrom).toBe("sonic");
  expect(table.counters(2)).toBe(HARDWARE);
  expect(table.counters(3)).not.toBe(HARDWARE);
  counters = undefined;
  expect(table.counters(2)).toBe(undefined);
});

it("collects the records of every provider, but only the first provider's of the same format", () => {
  const { table } = start();
  const named = (name: string) => counterRecord(portName, { name });
  const counts = counterRecord(pfcCounters, pfcCounters.unknown);
  table.provide(providerOf("first", {}, { records: ({ index }) => (index === 2 ? [named("a"), named("b")] : []) }));
  table.provide(providerOf("second", {}, { records: () => [named("c"), counts] }));
  table.provide(providerOf("third", {}, { records: () => undefined }));
  expect(table.portRecords(2)).toEqual([named("a"), named("b"), counts]);
  expect(table.portRecords(3)).toEqual([named("c"), counts]);
  expect(table.portRecords(99)).toEqual([]);
});

it("ignores only the provider whose method throws, and logs the error once a minute", () => {
  const { host, table, errors } = start();
  const fail = (): never => {
    throw new Error("no database");
  };
  let broken = true;
  const facts = ({ device }: { device: string }) => (broken ? fail() : device === "eno1" ? {} : undefined);
  const provision = table.provide({ keyword: "sonic", facts, counters: fail, records: fail });
  table.provide(providerOf("dent", { eno1: { name: "swp1" }, eno2: { name: "swp2" } }));
  expect(table.all().map(({ name }) => name)).toEqual(["lo", "swp1", "swp2"]);
  broken = false;
  provision.changed();
  expect(table.byIndex(2)).toMatchObject({ name: "eno1", countersFrom: "sonic" });
  expect([table.counters(2), table.portRecords(2)]).toEqual([undefined, []]);
  expect(errors()).toEqual([expect.stringMatching(/^error: ports of sonic: no database/)]);
  host.clock.advance(60);
  table.counters(2);
  expect(errors()[1]).toMatch(/more times since the last message/);
});
