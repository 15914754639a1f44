// if_counters and port_name of one interface over time.

import { expect, it } from "vitest";
import { makeIfCounters } from "../../agent/counters/if-counters.ts";
import { ifTypeOf } from "../../agent/counters/if-type.ts";
import { readPortName } from "../../agent/counters/port-name.ts";
import type { LinkStats } from "../../agent/netlink/link-stats.ts";
import { ifType } from "../../agent/sflow/enums/interface.ts";
import { adaptorWith } from "../interfaces/adaptor.ts";

const COUNTERS: LinkStats = {
  rx_packets: 100,
  tx_packets: 2,
  rx_bytes: 2 ** 40 + 1,
  tx_bytes: 4,
  rx_errors: 5,
  tx_errors: 6,
  rx_dropped: 7,
  tx_dropped: 8,
  multicast: 30,
  rx_missed_errors: 9,
};
const eth0 = adaptorWith({ index: 4, name: "eth0", speed: 10e9, duplex: "full", promiscuous: true });

it("has the counters of the kernel, and unknown values for counters that the kernel lacks", () => {
  expect(makeIfCounters()(eth0, COUNTERS).value).toEqual({
    ifIndex: 4,
    ifType: 6,
    ifSpeed: 10e9,
    ifDirection: 1,
    ifStatus: 3,
    ifInOctets: 2 ** 40 + 1,
    ifInUcastPkts: 70,
    ifInMulticastPkts: 30,
    ifInBroadcastPkts: undefined,
    ifInDiscards: 16,
    ifInErrors: 5,
    ifInUnknownProtos: undefined,
    ifOutOctets: 4,
    ifOutUcastPkts: 2,
    ifOutMulticastPkts: undefined,
    ifOutBroadcastPkts: undefined,
    ifOutDiscards: 8,
    ifOutErrors: 6,
    ifPromiscuousMode: 1,
  });
});

it.each([
  [true, true, 3],
  [true, false, 1],
  [false, false, 0],
])("tells up %s and running %s in two bits", (adminUp, operUp, status) => {
  expect(makeIfCounters()({ ...eth0, adminUp, operUp }, COUNTERS).value).toMatchObject({ ifStatus: status });
});

it("has the duplex mode", () => {
  const direction = (duplex: "half" | "unknown") => makeIfCounters()({ ...eth0, duplex }, COUNTERS).value;
  expect(direction("half")).toMatchObject({ ifDirection: 2 });
  expect(direction("unknown")).toMatchObject({ ifDirection: 0 });
});

it("keeps unicast from decreasing if multicast is updated late, and starts again after a reset", () => {
  const read = makeIfCounters();
  const unicast = (rx_packets: number, multicast: number) =>
    (read(eth0, { ...COUNTERS, rx_packets, multicast }).value as { ifInUcastPkts: number }).ifInUcastPkts;
  expect(unicast(100, 30)).toBe(70);
  expect(unicast(100, 35)).toBe(70);
  expect(unicast(110, 35)).toBe(75);
  expect(unicast(4, 1)).toBe(3);
  expect(unicast(4, 9)).toBe(3);
});

it.each([
  [undefined, 1, "ethernetCsmacd"],
  ["veth", 1, "ethernetCsmacd"],
  ["tun", 1, "ethernetCsmacd"],
  ["tun", 65534, "tunnel"],
  ["bond", 1, "ieee8023adLag"],
  ["bridge", 1, "bridge"],
  ["vlan", 1, "l2vlan"],
  ["vxlan", 1, "tunnel"],
  ["wireguard", 65534, "tunnel"],
  ["sit", 776, "tunnel"],
  ["dummy", 1, "propVirtual"],
  ["ipoib", 32, "infiniband"],
  ["ppp", 512, "ppp"],
  [undefined, 772, "softwareLoopback"],
  ["can", 280, "other"],
])("takes kind %s with hardware %i for %s", (kind, hardwareType, name) => {
  expect(ifType[ifTypeOf({ kind, hardwareType })]).toBe(name);
});

it("has the port name of the kernel", () => {
  expect(readPortName({ ...eth0, name: 'a"b\\c é' }).value).toEqual({ name: 'a"b\\c é' });
});
