// The finding about a default route whose packets are not sampled.

import { expect, it } from "vitest";
import { checkDefaultRoutes } from "../../../agent/commands/doctor/default-route.ts";
import type { Adaptor } from "../../../agent/interfaces/adaptor.ts";
import type { TapReport, TapState } from "../../../agent/report/report.ts";
import { adaptor } from "../../fakes/interfaces.ts";

const lo = adaptor(1, "lo", { loopback: true });
const eth0 = adaptor(2, "eth0");

const tap = ({ index, name }: Adaptor, state: TapState, named = false): TapReport => ({
  ...{ interface: name, index, state, named, rate: 1, rateInForce: 1, packets: 0, drops: 0 },
  ...{ engine: undefined, obstacle: undefined },
  why: state === "sampled" ? "by speed" : "no pcap { } block matches",
  remedy: `add pcap { dev=${name} } to sflow { }`,
});

/** Checks a host in which only some interfaces are sampled; the last one has the default route. */
function check(all: readonly Adaptor[], sampled: readonly Adaptor[], named = false) {
  const taps = all.map((one) => tap(one, sampled.includes(one) ? "sampled" : "unmatched", named));
  return checkDefaultRoutes(taps, all, [all.at(-1)?.index ?? 0]);
}

it("is a fault if blocks choose interfaces by pattern or speed", () => {
  expect(check([lo, eth0], [lo])).toEqual([
    {
      link: "interfaces",
      state: "broken",
      message: "the default route uses eth0, which is not sampled: no pcap { } block matches",
      remedy: "add pcap { dev=eth0 } to sflow { }, or pcap { dev=eth0 sampling=0 } to leave it out",
    },
  ]);
  expect(check([lo, eth0], [])).toMatchObject([{ state: "broken" }]);
});

it("is only a note if every block names its interface", () => {
  expect(check([lo, eth0], [lo], true)).toMatchObject([
    { state: "note", remedy: "add pcap { dev=eth0 } to sflow { }" },
  ]);
});

it("is absent if the interface is sampled, is switched off, or fails for another reason", () => {
  for (const state of ["sampled", "off", "failing"] as const)
    expect(checkDefaultRoutes([tap(lo, "sampled"), tap(eth0, state)], [lo, eth0], [2]), state).toEqual([]);
  expect(checkDefaultRoutes([tap(lo, "unmatched")], [lo], [1])).toEqual([]);
});

it("is absent if an interface below is sampled: the parent, the ports, or the switch behind the other end", () => {
  const other = adaptor(3, "eth1");
  expect(check([eth0, adaptor(4, "eth0.7", { kind: "vlan", link: 2 })], [eth0])).toEqual([]);
  const port = { ...eth0, master: 4 };
  expect(check([port, adaptor(4, "br0", { kind: "bridge" })], [port])).toEqual([]);
  const far = adaptor(6, "veth1", { kind: "veth", link: 7, master: 4 });
  const near = adaptor(7, "veth0", { kind: "veth", link: 6 });
  expect(check([port, other, adaptor(4, "br0", { kind: "bridge" }), far, near], [port])).toEqual([]);
  const ovs = [adaptor(8, "ovs-system", { kind: "openvswitch" }), { ...eth0, master: 8 }] as const;
  expect(check([...ovs, adaptor(9, "br-ex", { kind: "openvswitch" })], [ovs[1]])).toEqual([]);
});

it("needs all ports of a bond that are up to be sampled", () => {
  const [one, other] = [adaptor(2, "eth0", { master: 4 }), adaptor(3, "eth1", { master: 4 })];
  const bond = adaptor(4, "bond0", { kind: "bond" });
  expect(check([one, other, bond], [one, other])).toEqual([]);
  expect(check([one, other, bond], [one])).toHaveLength(1);
  expect(check([one, { ...other, adminUp: false }, bond], [one])).toEqual([]);
});

it("does not look for the parent of a VLAN in this namespace if it is in another", () => {
  expect(check([eth0, adaptor(4, "vlan7", { kind: "vlan", link: 2, linkNamespace: 0 })], [eth0])).toHaveLength(1);
});
