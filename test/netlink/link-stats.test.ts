// Counters of the interfaces of a namespace, compared with ip(8).

import { expect, it } from "vitest";
import { readLinkStats } from "../../agent/netlink/link-stats.ts";
import { makeMessage, readMessages } from "../../agent/netlink/message.ts";
import { bytesOfCapture, wordsOfIp } from "./capture.ts";

const stats = new Map(
  readMessages(bytesOfCapture("stats")).flatMap((message) =>
    [readLinkStats(message) ?? []].filter((pair) => pair.length === 2),
  ),
);

it("agrees with ip about every counter", () => {
  const theirs = wordsOfIp("stats");
  expect([...stats.keys()]).toEqual(theirs.map((link) => link.ifindex));
  for (const { ifindex, stats64 } of theirs) {
    expect(stats.get(ifindex)).toEqual({
      rx_bytes: stats64?.rx.bytes,
      rx_packets: stats64?.rx.packets,
      rx_errors: stats64?.rx.errors,
      rx_dropped: stats64?.rx.dropped,
      multicast: stats64?.rx.multicast,
      tx_bytes: stats64?.tx.bytes,
      tx_packets: stats64?.tx.packets,
      tx_errors: stats64?.tx.errors,
      tx_dropped: stats64?.tx.dropped,
      rx_missed_errors: 0,
    });
  }
});

it("reads missed frames and numbers beyond 32 bits", () => {
  const counters = new BigUint64Array(25).map((_, i) => (BigInt(i) << 33n) + 5n);
  const attribute = new Uint8Array([
    ...new Uint8Array(new Uint16Array([204, 1]).buffer),
    ...new Uint8Array(counters.buffer),
  ]);
  const body = new Uint8Array(new Uint32Array([0, 9, 1]).buffer);
  const [index, values] = readLinkStats(readMessages(makeMessage(92, 0, 1, body, attribute))[0]!)!;
  expect([index, values.rx_packets, values.multicast]).toEqual([9, 5, 8 * 2 ** 33 + 5]);
  expect(values.rx_missed_errors).toBe(15 * 2 ** 33 + 5);
});

it("reads nothing from an answer without counters", () => {
  const read = (...body: Uint8Array[]) => readLinkStats(readMessages(makeMessage(92, 0, 1, ...body))[0]!);
  expect(read()).toBe(undefined);
  expect(read(new Uint8Array(12))).toBe(undefined);
  expect(read(new Uint8Array(12), new Uint8Array([68, 0, 1, 0, ...new Uint8Array(64)]))).toBe(undefined);
});
