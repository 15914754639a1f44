// The table of interfaces without netlink.

import { expect, it } from "vitest";
import { makeInterfaces } from "../../agent/interfaces/table.ts";
import { makeLog } from "../fakes/log.ts";
import { makeRoutedHost } from "../fakes/routed-host.ts";

function start() {
  const host = makeRoutedHost("bonded-bridge");
  host.sockets.fail("socket", "EPERM", 9);
  const log = makeLog();
  const table = makeInterfaces(host, log);
  table.start();
  return { host, log, table };
}

it("reads interfaces from /sys, and logs that once", () => {
  const { log, table } = start();
  expect(log.lines.filter((line) => line.startsWith("warn"))).toEqual([
    expect.stringMatching(/^warn: netlink is unavailable \(EPERM.*read from \/sys/),
  ]);
  expect(table.all().map(({ index, name, kind, master, operUp }) => [index, name, kind, master, operUp])).toEqual([
    [1, "lo", undefined, 0, true],
    [2, "eno1", undefined, 4, true],
    [3, "eno2", undefined, 4, false],
    [4, "bond0", "bond", 0, true],
    [5, "bond0.100", "vlan", 6, true],
    [6, "br100", "bridge", 0, true],
    [7, "veth1a2b3c", "veth", 6, true],
    [8, "vnet0", "tun", 6, true],
    [9, "wlp4s0", undefined, 0, true],
  ]);
  expect(table.byName("bond0.100")?.link).toBe(4);
  expect(table.byName("eno1")).toMatchObject({ alias: "rack 3, port 17", speed: 10e9, promiscuous: false });
});

it("reads counters from /proc/net/dev, at most every 100 ms", () => {
  const { host, table } = start();
  expect(table.counters(2)).toEqual({
    rx_bytes: 5_000_000,
    rx_packets: 4000,
    rx_errors: 1,
    rx_dropped: 2,
    rx_missed_errors: 0,
    multicast: 300,
    tx_bytes: 6_000_000,
    tx_packets: 5000,
    tx_errors: 3,
    tx_dropped: 4,
  });
  table.counters(3);
  expect(host.files.reads.filter((path) => path === "/proc/net/dev").length).toBe(1);
  host.clock.advance(0.1);
  expect(table.counters(99)).toBe(undefined);
  expect(host.files.reads.filter((path) => path === "/proc/net/dev").length).toBe(2);
});

it("finds interfaces that are added later, every ten seconds", () => {
  const { host, table } = start();
  host.files.over["/sys/class/net/tap7/ifindex"] = "17\n";
  host.files.over["/sys/class/net/tap7/tun_flags"] = "0x1002\n";
  host.clock.advance(10);
  expect(table.byName("tap7")).toMatchObject({ index: 17, kind: "tun" });
  table.stop();
  expect(host.clock.timers).toBe(0);
});
