// Fragments of the agent's own datagrams, and the ports by which programs recognize whole ones.

import { expect, test } from "vitest";
import { isOwnFragment, portBits } from "../../../agent/capture/epcap/own-datagram.ts";
import type { OwnEndpoint } from "../../../agent/capture/own-traffic.ts";

const endpoints: readonly OwnEndpoint[] = [
  { port: 40_000, destination: Uint8Array.of(192, 0, 2, 1) },
  { port: 33, destination: Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9) },
];

/** An IPv4 header at offset 3. */
function ipv4(fragment: number, protocol = 17, last = 1): Uint8Array {
  const bytes = new Uint8Array(60);
  bytes.set([0x45, 0, 0, 0, 0, 0, fragment >> 8, fragment & 255, 64, protocol, 0, 0, 10, 0, 0, 1, 192, 0, 2, last], 3);
  return bytes;
}

function ipv6(next: number, protocol = 17, last = 9): Uint8Array {
  const bytes = new Uint8Array(80);
  bytes.set([0x60, 0, 0, 0, 0, 0, next, 64], 3);
  bytes.set([0x20, 1, 0xd, 0xb8], 3 + 24);
  bytes[3 + 39] = last;
  bytes[3 + 40] = protocol;
  return bytes;
}

const isOwn = (bytes: Uint8Array): boolean => isOwnFragment(bytes, 3, bytes.length - 3, endpoints);

test("a fragment of UDP to a collector is the agent's", () => {
  expect([0x2000, 0x00b9, 0x20b9].map((fragment) => isOwn(ipv4(fragment)))).toEqual([true, true, true]);
  expect(isOwn(ipv6(44))).toBe(true);
});

test("whole packets, other protocols, destinations and versions are not", () => {
  expect([ipv4(0), ipv4(0x4000), ipv4(0x2000, 6), ipv4(0x2000, 17, 2)].map(isOwn)).toEqual(Array(4).fill(false));
  expect([ipv6(17), ipv6(44, 6), ipv6(44, 17, 8), new Uint8Array(60), new Uint8Array(0)].map(isOwn)).toEqual(
    Array(5).fill(false),
  );
});

test("a fragment may be as short as its header", () => {
  expect([20, 19].map((length) => isOwnFragment(ipv4(0x00b9), 3, length, endpoints))).toEqual([true, false]);
  expect([41, 40].map((length) => isOwnFragment(ipv6(44), 3, length, endpoints))).toEqual([true, false]);
});

test("a port counts in its own family", () => {
  const has = (length: number, port: number): boolean =>
    ((portBits(endpoints, length)[port >>> 5] as number) >>> (port & 31)) % 2 === 1;
  expect([has(4, 40_000), has(16, 40_000), has(4, 33), has(16, 33), has(4, 40_001)]).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});
