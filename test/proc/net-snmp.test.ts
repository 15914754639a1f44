// /proc/net/snmp of kernels with different orders of columns.

import { expect, it } from "vitest";
import { parseNetSnmp } from "../../agent/proc/net-snmp.ts";
import { hostTree } from "../fakes/files.ts";

it.each(["old-kernel", "virtual-machine"])("finds the values of %s by name", (host) => {
  const snmp = parseNetSnmp(hostTree(host).read("/proc/net/snmp") ?? "");
  expect(snmp.get("Icmp")?.get("InDestUnreachs")).toBe(host === "old-kernel" ? 3 : 1);
  expect(snmp.get("Tcp")?.get("MaxConn")).toBe(-1);
  expect(snmp.get("Udp")?.has("InCsumErrors")).toBe(host !== "old-kernel");
});

it("accepts lines without a second line, without values and with foreign values", () => {
  const snmp = parseNetSnmp("Ip: A B C\nIp: 1 x\nTcp: A\n\nnoise\nUdp:\nUdp: 4\n");
  expect(snmp.get("Ip")).toEqual(new Map([["A", 1]]));
  expect(snmp.get("Tcp")).toBe(undefined);
  expect(snmp.get("Udp")?.size).toBe(0);
});
