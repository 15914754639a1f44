// The groups of MIB-II by name, of an old kernel and of a current one with additions in the middle.

import { expect, it } from "vitest";
import { readMib2IcmpGroup } from "../../agent/counters/mib2-icmp-group.ts";
import { readMib2IpGroup } from "../../agent/counters/mib2-ip-group.ts";
import { readMib2TcpGroup } from "../../agent/counters/mib2-tcp-group.ts";
import { readMib2UdpGroup } from "../../agent/counters/mib2-udp-group.ts";
import { parseNetSnmp } from "../../agent/proc/net-snmp.ts";
import { hostTree } from "../fakes/files.ts";

const snmpOf = (tree: string) => parseNetSnmp(hostTree(tree).read("/proc/net/snmp") ?? "");
const valuesOf = (record: { readonly value: unknown } | undefined) => Object.values(record?.value ?? {});

it("reads every value of an old kernel", () => {
  const snmp = snmpOf("old-kernel");
  expect(valuesOf(readMib2IpGroup(snmp))).toEqual([2, 64, 1000, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30, 11, 12, 13, 14, 15, 16]);
  expect(valuesOf(readMib2IcmpGroup(snmp))).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  expect(valuesOf(readMib2TcpGroup(snmp))).toEqual([1, 200, 120000, -1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, undefined]);
  expect(valuesOf(readMib2UdpGroup(snmp))).toEqual([1, 2, 3, 4, undefined, undefined, undefined]);
});

it("reads the same values with the additions of newer kernels", () => {
  const names =
    "InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds OutMsgs OutErrors OutRateLimitHost OutDestUnreachs";
  const text = `Icmp: ${names}\nIcmp: 10 20 99 30 40 50 60 99 70\n`;
  expect(readMib2IcmpGroup(parseNetSnmp(text))?.value).toMatchObject({
    icmpInMsgs: 10,
    icmpInErrors: 20,
    icmpInDestUnreachs: 30,
    icmpInTimeExcds: 40,
    icmpInParamProbs: undefined,
    icmpOutErrors: 60,
    icmpOutDestUnreachs: 70,
  });
  expect(readMib2IcmpGroup(snmpOf("virtual-machine"))?.value).toMatchObject({
    icmpInDestUnreachs: 1,
    icmpInTimeExcds: 0,
  });
});

it("has no record of a missing group, and 0 for a missing gauge", () => {
  expect(readMib2TcpGroup(parseNetSnmp(""))).toBe(undefined);
  expect(readMib2IpGroup(parseNetSnmp("Ip: InReceives\nIp: 5\n"))?.value).toMatchObject({
    ipForwarding: 0,
    ipInReceives: 5,
    ipInDelivers: undefined,
  });
});
