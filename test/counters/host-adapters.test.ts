// host_adapters: which adapters, their order, and how many fit.

import { expect, it } from "vitest";
import { readHostAdapters } from "../../agent/counters/host-adapters.ts";
import type { Adaptor } from "../../agent/interfaces/adaptor.ts";
import { adaptorWith } from "../interfaces/adaptor.ts";

function listed(adaptors: readonly Adaptor[], datagramBytes = 1400): number[] {
  const value = readHostAdapters(adaptors, datagramBytes)?.value as { adapters: { ifIndex: number }[] } | undefined;
  return value?.adapters.map((adapter) => adapter.ifIndex) ?? [];
}

it("lists adapters that are up and have an address, by index", () => {
  const adaptors = [
    adaptorWith({ index: 1, loopback: true, mac: new Uint8Array(6) }),
    adaptorWith({ index: 2 }),
    adaptorWith({ index: 3, adminUp: false }),
    adaptorWith({ index: 4, kind: "bridge" }),
    adaptorWith({ index: 5, kind: "veth", linkNamespace: 0 }),
    adaptorWith({ index: 6, kind: "tun", hardwareType: 65534, mac: new Uint8Array(0) }),
    adaptorWith({ index: 7, hardwareType: 32, mac: new Uint8Array(20).fill(1) }),
  ];
  expect(listed([...adaptors].reverse())).toEqual([2, 4]);
});

it("lists the one card of a container", () => {
  expect(listed([adaptorWith({ index: 9, kind: "veth", linkNamespace: 0 })])).toEqual([9]);
});

it("lists as many as fit the datagram, cards first, and has no record without adapters", () => {
  const bridges = Array.from({ length: 100 }, (_, i) => adaptorWith({ index: i + 1, kind: "bridge" }));
  const card = adaptorWith({ index: 200 });
  expect(listed([...bridges, card])).toEqual([...Array.from({ length: 30 }, (_, i) => i + 1), 200]);
  expect(listed([...bridges, card], 9000).length).toBe(101);
  expect(listed([...bridges, card], 200)).toEqual([200]);
  expect(readHostAdapters([], 1400)).toBe(undefined);
});

it("lists the address of each adapter", () => {
  expect(readHostAdapters([adaptorWith({ index: 2 })], 1400)?.value).toEqual({
    adapters: [{ ifIndex: 2, mac_address: [new Uint8Array([2, 0, 0, 0, 0, 2])] }],
  });
});
