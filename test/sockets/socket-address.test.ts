// Socket addresses compared with the C structures on a little-endian machine.

import { expect, test } from "vitest";
import {
  inetAddress,
  intOption,
  netlinkAddress,
  packetAddress,
  parseInetAddress,
  parseIntOption,
  textOption,
} from "../../agent/sockets/socket-address.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("sockaddr_in", () => {
  const bytes = inetAddress(Uint8Array.of(192, 0, 2, 1), 6343);
  expect(hex(bytes)).toBe("020018c7c00002010000000000000000");
  expect(parseInetAddress(bytes)).toEqual({ address: Uint8Array.of(192, 0, 2, 1), port: 6343, scope: 0 });
});

test("sockaddr_in6 with the scope of a link-local address", () => {
  const address = Uint8Array.from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  const bytes = inetAddress(address, 6343, 3);
  expect(hex(bytes)).toBe("0a0018c700000000fe80000000000000000000000000000103000000");
  expect(parseInetAddress(bytes)).toEqual({ address, port: 6343, scope: 3 });
});

test("sockaddr_ll", () => {
  expect(hex(packetAddress(0x0003, 7))).toBe(`1100000307${"0".repeat(30)}`);
});

test("sockaddr_nl", () => {
  const bytes = netlinkAddress(0x1234, 0x11);
  expect(hex(bytes)).toBe("100000003412000011000000");
});

test("rejects an address of another family", () => {
  expect(parseInetAddress(packetAddress(3, 1))).toBeUndefined();
  expect(parseInetAddress(new Uint8Array(2))).toBeUndefined();
});

test("option values", () => {
  expect(parseIntOption(intOption(-2))).toBe(-2);
  expect(hex(textOption("lo"))).toBe("6c6f00");
});
