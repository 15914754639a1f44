// Counters samples of interfaces: which ones, and what happens when they are added, changed and removed.

import { expect, it } from "vitest";
import type { Adaptor, PortFacts } from "../../../agent/interfaces/adaptor.ts";
import { create } from "../../../agent/modules/interfaces/index.ts";
import type { LinkStats } from "../../../agent/netlink/link-stats.ts";
import { counterRecord } from "../../../agent/sflow/record.ts";
import { pfcCounters } from "../../../agent/sflow/records/counter/pfc-counters.ts";
import { portName } from "../../../agent/sflow/records/counter/port-name.ts";
import type { FakeLink } from "../../fakes/link-message.ts";
import { ENO1, ENO2, LINKS, LOOPBACK, VETH } from "../../interfaces/links.ts";
import { makeCounting } from "../counting.ts";

function start(...links: FakeLink[]) {
  const context = makeCounting("bonded-bridge", ...links);
  const running = create([{}], context);
  void running.start();
  const polled = () =>
    [...context.agent.pollers.values()].filter((poller) => poller.readers.length > 0).map(({ source }) => source.index);
  return { ...context, running, polled, sample: (index: number) => context.agent.sample(`0:${index}`) };
}

it("polls cards, bonds, VLANs and bridges that are up, but not lo or interfaces to containers", () => {
  const { polled } = start(...LINKS, { index: 20, name: "eno3", flags: 0 });
  expect(polled()).toEqual([2, 3, 4, 5, 6]);
});

it("sends counters and name, and the LACP state of a bond member", () => {
  const { sample } = start(...LINKS);
  expect(Object.keys(sample(6) ?? {})).toEqual(["if_counters", "port_name"]);
  expect(Object.keys(sample(2) ?? {})).toEqual(["if_counters", "port_name", "lag_port_stats"]);
  expect(sample(2)).toMatchObject({
    if_counters: { ifIndex: 2, ifInOctets: 5_000_000, ifInUcastPkts: 3700, ifInMulticastPkts: 300, ifSpeed: 10e9 },
    port_name: { name: "eno1" },
    lag_port_stats: { dot3adAggPortAttachedAggID: 4, dot3adAggPortState: new Uint8Array([0x07, 0x3d, 0, 0x3f]) },
  });
});

it("polls a veth or lo while a block requests it", () => {
  const { interfaces, polled } = start(...LINKS);
  const done = [interfaces.poll(7), interfaces.poll(1), interfaces.poll(7)];
  expect(polled().sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  done[0]?.();
  done[1]?.();
  expect(polled().sort()).toEqual([2, 3, 4, 5, 6, 7]);
  done[2]?.();
  expect(polled().sort()).toEqual([2, 3, 4, 5, 6]);
});

it("polls an interface requested before it exists, or before the module starts", () => {
  const context = makeCounting("bonded-bridge", ...LINKS);
  context.interfaces.poll(7);
  context.interfaces.poll(99);
  void create([{}], context).start();
  expect(context.agent.pollers.has("0:7")).toBe(true);
  context.host.kernel.put({ index: 99, name: "veth99", kind: "veth" });
  expect(context.agent.pollers.has("0:99")).toBe(true);
});

it("polls the veth that is a container's network card, until a hardware card is added", () => {
  const { host, polled } = start(LOOPBACK, { ...VETH, master: 0 });
  expect(polled()).toEqual([7]);
  host.kernel.put({ index: 30, name: "eth7" });
  expect(polled()).toEqual([30]);
  host.kernel.remove(30);
  expect(polled()).toEqual([7]);
});

it("continues to poll an interface that goes down, so that its state is reported", () => {
  const { host, polled, sample } = start(ENO1);
  host.kernel.put({ ...ENO1, flags: 0, operState: 2 });
  expect(polled()).toEqual([2]);
  expect(sample(2)).toMatchObject({ if_counters: { ifStatus: 0 } });
});

it("starts to poll an interface when it first comes up", () => {
  const { host, polled } = start({ ...ENO1, flags: 0 });
  expect(polled()).toEqual([]);
  host.kernel.put(ENO1);
  expect(polled()).toEqual([2]);
});

it("reports the new name after a rename", () => {
  const { host, sample } = start(ENO1);
  host.kernel.put({ ...ENO1, name: 'up"link' });
  expect(sample(2)).toMatchObject({ port_name: { name: 'up"link' } });
});

it("stops at the removal of an interface, and starts a new sequence for the next with its index", () => {
  const { agent, host } = start(ENO1, ENO2);
  const before = agent.pollers.get("0:2");
  host.kernel.remove(2);
  expect(agent.pollers.has("0:2")).toBe(false);
  host.kernel.put(ENO1);
  expect(agent.pollers.get("0:2")).not.toBe(before);
  agent.sample("0:2");
  expect(agent.pollers.get("0:2")?.discontinuities).toBe(0);
});

it("sends nothing for an interface that the kernel has just removed", () => {
  const { host, sample } = start(ENO1, ENO2);
  (host.kernel.links as Map<number, FakeLink>).delete(3);
  expect(sample(3)).toEqual({});
});

it("restarts the sequence numbers when a driver resets its counters", () => {
  const { agent, host, running, sample } = start(ENO1);
  sample(2);
  host.kernel.set({ ...ENO1, stats: { rx_packets: 1 } });
  host.clock.advance(1);
  expect(sample(2)).toMatchObject({ if_counters: { ifInUcastPkts: 1 } });
  expect(agent.pollers.get("0:2")?.discontinuities).toBe(1);
  expect(running.counters?.()).toEqual({ samples: 2, discontinuities: 1, interfaces: 1 });
});

it("polls nothing after stop", async () => {
  const { host, polled, running } = start(...LINKS);
  await running.stop();
  host.kernel.put({ index: 40, name: "eth9" });
  expect(polled()).toEqual([]);
});

const HARDWARE: LinkStats = {
  ...{ rx_packets: 9e9, rx_bytes: 7e12, rx_errors: 0, rx_dropped: 0, rx_missed_errors: 0, multicast: 1000 },
  ...{ tx_packets: 8e9, tx_bytes: 6e12, tx_errors: 0, tx_dropped: 0 },
};

it("polls ports of the switch, and other interfaces only while a block requests it", () => {
  const { interfaces, polled } = start(...LINKS);
  const answers: Record<string, PortFacts | "not-a-port"> = { eno1: "not-a-port", bond0: "not-a-port", vnet0: {} };
  const provision = interfaces.provide({ keyword: "dent", facts: ({ device }) => answers[device] });
  expect(polled().sort()).toEqual([3, 5, 6, 8]);
  const done = interfaces.poll(2);
  expect(polled()).toContain(2);
  done();
  expect(polled()).not.toContain(2);
  provision.close();
  expect(polled().sort()).toEqual([2, 3, 4, 5, 6]);
});

it("sends the name, speed and counters that a port provider knows, and no sample while the counters are unknown", () => {
  const { interfaces, sample } = start(...LINKS);
  let counters: LinkStats | undefined = HARDWARE;
  const facts = ({ device }: Adaptor) => (device === "eno1" ? { name: "Ethernet0", speed: 40e9 } : undefined);
  interfaces.provide({ keyword: "sonic", facts, counters: () => counters });
  expect(sample(2)).toMatchObject({
    if_counters: { ifIndex: 2, ifSpeed: 40e9, ifInOctets: 7e12, ifOutOctets: 6e12 },
    port_name: { name: "Ethernet0" },
  });
  expect(sample(6)).toMatchObject({ port_name: { name: "br100" } });
  counters = undefined;
  expect(Object.keys(sample(2) ?? {})).toEqual([]);
});

it("starts the sequence again when the counters of the hardware take the place of the kernel's, and back", () => {
  const { agent, interfaces, running, sample } = start(ENO1);
  const subject = () => agent.pollers.get("0:2")?.subject;
  sample(2);
  expect(subject()).toBe("");
  const provision = interfaces.provide({ keyword: "sonic", facts: () => ({}), counters: () => HARDWARE });
  sample(2);
  expect(subject()).toBe("sonic");
  provision.close();
  sample(2);
  expect(subject()).toBe("");
  expect(running.counters?.()).toMatchObject({ discontinuities: 1 });
});

it("adds the records of a port provider, which replace records of the kernel with the same format", () => {
  const { interfaces, sample } = start(ENO1);
  const records = [counterRecord(portName, { name: "front 1" }), counterRecord(pfcCounters, pfcCounters.unknown)];
  interfaces.provide({ keyword: "sonic", facts: () => undefined, records: () => records });
  expect(Object.keys(sample(2) ?? {}).sort()).toEqual(["if_counters", "pfc_counters", "port_name"]);
  expect(sample(2)).toMatchObject({ port_name: { name: "front 1" } });
});
