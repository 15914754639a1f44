// ICMP errors about datagrams to a collector.

import { expect, it } from "vitest";
import { refusalIn } from "../../../agent/modules/collector/refusals.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

const COLLECTOR = Uint8Array.of(10, 77, 0, 2);
/** Captured from a host that refuses: IP, "port unreachable", and the first bytes of our datagram. */
const REFUSED = hex(
  `45c0003800000000400161650a4d00020a4d0001 0303fcfc00000000
   4500001c12344000401113b00a4d00010a4d0002 c35018c700080000`,
);
const COLLECTOR_6 = hex("20010db8000000000000000000000002");
const REFUSED_6 = hex(
  `0104000000000000 6000000000241140 20010db8000000000000000000000001 20010db8000000000000000000000002
   c35018c700240000`,
);

it("recognizes a refusal of our datagrams", () => {
  expect(refusalIn(REFUSED, COLLECTOR, 6343)).toBe("ECONNREFUSED");
  expect(refusalIn(REFUSED_6, COLLECTOR_6, 6343)).toBe("ECONNREFUSED");
  const prohibited = REFUSED.slice();
  prohibited[21] = 13;
  expect(refusalIn(prohibited, COLLECTOR, 6343)).toBe("EHOSTUNREACH");
});

it("ignores a message with another port, address, protocol or type", () => {
  expect(refusalIn(REFUSED, COLLECTOR, 6344)).toBeUndefined();
  expect(refusalIn(REFUSED, Uint8Array.of(10, 77, 0, 3), 6343)).toBeUndefined();
  for (const at of [20, 37]) {
    const other = REFUSED.slice();
    other[at] = 6;
    expect(refusalIn(other, COLLECTOR, 6343)).toBeUndefined();
  }
  expect(
    refusalIn(
      REFUSED_6,
      COLLECTOR_6.map((byte) => byte ^ 1),
      6343,
    ),
  ).toBeUndefined();
});

it("ignores a truncated message", () => {
  for (let length = 0; length < REFUSED.length - 4; length++)
    expect(refusalIn(REFUSED.subarray(0, length), COLLECTOR, 6343)).toBeUndefined();
  for (let length = 0; length < REFUSED_6.length - 4; length++)
    expect(refusalIn(REFUSED_6.subarray(0, length), COLLECTOR_6, 6343)).toBeUndefined();
});
