// The table of interfaces with a kernel that reports changes, and with one that loses messages.

import { expect, it } from "vitest";
import type { AdaptorChange } from "../../agent/interfaces/adaptor.ts";
import { type InterfaceTable, makeInterfaces } from "../../agent/interfaces/table.ts";
import type { FakeLink } from "../fakes/link-message.ts";
import { makeLog } from "../fakes/log.ts";
import { makeRoutedHost, type RoutedHost } from "../fakes/routed-host.ts";
import { BOND0, BR100, ENO1, LINKS, VETH } from "./links.ts";

interface Fixture {
  readonly host: RoutedHost;
  readonly table: InterfaceTable;
  /** Changes since the last call, such as `changed eno1`. */
  changes(): string[];
}

function start(...links: FakeLink[]): Fixture {
  const host = makeRoutedHost("bonded-bridge", links);
  const table = makeInterfaces(host, makeLog());
  table.start();
  const seen: string[] = [];
  table.onChange(({ kind, adaptor }: AdaptorChange) => seen.push(`${kind} ${adaptor.name}`));
  return { host, table, changes: () => seen.splice(0) };
}

const NEW_ADDRESS = { bytes: [198, 51, 100, 9], prefixLength: 24 };
const addressesOf = (table: InterfaceTable, name: string) =>
  table.byName(name)?.addresses.map(({ bytes, prefixLength }) => `${[...bytes].join(".")}/${prefixLength}`);

it("is complete when start returns, sorted by index", () => {
  const { table } = start(...LINKS);
  expect(table.all().map((adaptor) => adaptor.name)).toEqual(LINKS.map((link) => link.name));
  expect(table.byName("eno1")).toMatchObject({
    index: 2,
    alias: "rack 3, port 17",
    kind: undefined,
    adminUp: true,
    operUp: true,
    speed: 10_000_000_000,
    duplex: "full",
    master: 4,
  });
  expect(addressesOf(table, "br100")?.[0]).toBe("192.0.2.7/24");
  expect(table.byIndex(7)).toMatchObject({ kind: "veth", link: 2, linkNamespace: 0 });
});

it("distinguishes admin down from no carrier, and treats the unknown state of lo as up", () => {
  const { table } = start(...LINKS);
  const state = (name: string) => [table.byName(name)?.adminUp, table.byName(name)?.operUp];
  expect([state("eno2"), state("lo"), state("vnet0")]).toEqual([
    [true, false],
    [true, true],
    [true, true],
  ]);
  expect(table.byName("eno2")).toMatchObject({ speed: 0, duplex: "unknown" });
});

it("finds an interface by its alternative names while it has them", () => {
  const { host, table, changes } = start(ENO1);
  host.kernel.put({ ...ENO1, alternativeNames: ["enp3s0", "enx020000000001"] });
  expect(changes()).toEqual(["changed eno1"]);
  expect([table.byName("enp3s0"), table.byName("enx020000000001")]).toEqual([table.byIndex(2), table.byIndex(2)]);
  host.kernel.put({ ...ENO1, alternativeNames: ["enx020000000001"] });
  expect(changes()).toEqual(["changed eno1"]);
  expect(table.byName("enp3s0")).toBe(undefined);
  expect(table.byName("eno1")?.name).toBe("eno1");
});

it("follows interfaces that are added, changed, renamed and removed", () => {
  const { host, table, changes } = start(...LINKS);
  host.kernel.put({ index: 20, name: "veth9", kind: "veth" });
  host.kernel.put({ index: 20, name: "lan0", kind: "veth" });
  host.kernel.put({ index: 20, name: "lan0", kind: "veth" });
  expect(changes()).toEqual(["added veth9", "changed lan0"]);
  expect([table.byName("veth9"), table.byName("lan0")?.index]).toEqual([undefined, 20]);
  host.kernel.remove(20);
  expect(changes()).toEqual(["removed lan0"]);
  expect(table.byIndex(20)).toBe(undefined);
});

it("follows addresses that are added and removed", () => {
  const { host, table, changes } = start(...LINKS);
  host.kernel.put({ ...BR100, addresses: [...(BR100.addresses ?? []), NEW_ADDRESS] });
  expect(addressesOf(table, "br100")).toContain("198.51.100.9/24");
  host.kernel.removeAddress(6, NEW_ADDRESS.bytes);
  expect(addressesOf(table, "br100")).not.toContain("198.51.100.9/24");
  expect(changes()).toEqual(["changed br100", "changed br100"]);
});

it("reads the speed of a port and of its master again when the state of the port changes", () => {
  const { host, table, changes } = start(...LINKS);
  host.files.over["/sys/class/net/eno2/speed"] = "25000\n";
  host.files.over["/sys/class/net/bond0/speed"] = "35000\n";
  host.kernel.put({ ...ENO1, alias: "another" });
  expect(table.byName("bond0")?.speed).toBe(10e9);
  host.kernel.put({ ...ENO1, index: 3, name: "eno2", alias: "" });
  expect(table.byName("eno2")?.speed).toBe(25e9);
  expect(table.byName("bond0")?.speed).toBe(35e9);
  expect(changes()).toEqual(["changed eno1", "changed bond0", "changed eno2"]);
});

it.each(["-1", "65535", "4294967295", "0", "", "much"])("treats speed %s as unknown", (speed) => {
  const host = makeRoutedHost("bonded-bridge", [ENO1]);
  host.files.over["/sys/class/net/eno1/speed"] = speed;
  const table = makeInterfaces(host, makeLog());
  table.start();
  expect(table.byName("eno1")?.speed).toBe(0);
});

it("ignores messages of a bridge about its ports, in which a deletion means that a port left", () => {
  const { host, table } = start(...LINKS);
  const bytes = new Uint8Array(40);
  new Uint32Array(bytes.buffer).set([40, 17]);
  bytes[16] = 7;
  bytes[20] = 7;
  host.kernel.tell(bytes);
  expect(table.byIndex(7)?.name).toBe("veth1a2b3c");
});

it("reads the table again after lost messages, once for a burst", () => {
  const { host, table, changes } = start(...LINKS);
  host.kernel.set({ index: 30, name: "late0" });
  host.kernel.overflow();
  host.kernel.overflow();
  expect(changes()).toEqual([]);
  host.clock.advance(0.2);
  expect(changes()).toEqual(["added late0"]);
  expect(table.statistics).toMatchObject({ noticesLost: 2, reloads: 2 });
});

it("detects a deletion whose message was lost, even if an interface of another kind now has its ifIndex", () => {
  const { host, changes } = start(...LINKS);
  host.kernel.set({ index: 7, name: "wg0", kind: "wireguard" });
  host.kernel.overflow();
  host.clock.advance(1);
  expect(changes()).toEqual(["removed veth1a2b3c", "added wg0"]);
});

it("repeats a dump that a change interrupts, but only a limited number of times", () => {
  const host = makeRoutedHost("bonded-bridge", LINKS);
  host.kernel.interrupt(100);
  const table = makeInterfaces(host, makeLog());
  table.start();
  expect(table.all().length).toBe(LINKS.length);
  expect(host.kernel.asked.filter((type) => type === "18 all").length).toBe(3);
});

it("reads the table again periodically, for changes that the kernel does not report", () => {
  const { host, table, changes } = start(...LINKS);
  host.files.over["/sys/class/net/eno1/speed"] = "1000\n";
  host.clock.advance(180);
  expect(table.byName("eno1")?.speed).toBe(1e9);
  expect(changes()).toEqual(["changed eno1"]);
});

it("reports an interface as polled until the last request is withdrawn", () => {
  const { table, changes } = start(...LINKS);
  const first = table.poll(7);
  const second = table.poll(7);
  expect([...table.polled]).toEqual([7]);
  first();
  first();
  expect(table.polled.has(7)).toBe(true);
  second();
  expect(table.polled.has(7)).toBe(false);
  expect(changes()).toEqual(["changed veth1a2b3c", "changed veth1a2b3c"]);
});

it("closes its sockets and timers, and removes listeners", () => {
  const { host, table, changes } = start(VETH, BOND0);
  const seen: unknown[] = [];
  table.onChange((change) => seen.push(change))();
  host.kernel.put({ ...VETH, flags: 0 });
  expect([seen.length, changes()]).toEqual([0, ["changed veth1a2b3c"]]);
  table.stop();
  expect([host.sockets.open.length, host.clock.timers]).toEqual([0, 0]);
});
