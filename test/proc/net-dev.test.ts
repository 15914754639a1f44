// /proc/net/dev.

import { expect, it } from "vitest";
import { parseNetDev } from "../../agent/proc/net-dev.ts";
import { hostTree } from "../fakes/files.ts";

it("reads a captured file", () => {
  const devices = parseNetDev(hostTree("virtual-machine").read("/proc/net/dev") ?? "");
  expect([...devices.keys()]).toEqual(["lo", "ifb0", "ifb1", "eth0"]);
  expect(devices.get("lo")?.rx_bytes).toBe(devices.get("lo")?.tx_bytes);
});

it("reads columns by position, also if the first touches the colon", () => {
  const text = "Inter-|\n face |\neth0:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n";
  expect(parseNetDev(text).get("eth0")).toEqual({
    rx_bytes: 1,
    rx_packets: 2,
    rx_errors: 3,
    rx_dropped: 4,
    multicast: 8,
    tx_bytes: 9,
    tx_packets: 10,
    tx_errors: 11,
    tx_dropped: 12,
  });
});

it("finds no interfaces in empty or foreign text", () => {
  expect(parseNetDev("").size).toBe(0);
  expect(parseNetDev("a\nb\neth0: 1 2 3\nnothing here\neth1: a b c d e f g h i j k l m n o p\n").size).toBe(0);
});
