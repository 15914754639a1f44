// Formats addresses as text. See RFC 5952.

import { expect, test } from "vitest";
import { showAddress } from "../../agent/sflow/address.ts";

const v6 = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

test.each([
  [Uint8Array.of(192, 0, 2, 1), "192.0.2.1"],
  [v6("20010db8000000000000000000000001"), "2001:db8::1"],
  [v6("00000000000000000000000000000000"), "::"],
  [v6("00000000000000000000000000000001"), "::1"],
  [v6("fe800000000000000000000000000000"), "fe80::"],
  [v6("20010db8000100010001000100010001"), "2001:db8:1:1:1:1:1:1"],
  [v6("20010db8000000010001000100010001"), "2001:db8:0:1:1:1:1:1"],
  [v6("20010db8000000000001000000000001"), "2001:db8::1:0:0:1"],
  [v6("20010000000000010000000000000001"), "2001:0:0:1::1"],
  [new Uint8Array(0), ""],
])("%s is %s", (bytes, text) => {
  expect(showAddress(bytes)).toBe(text);
});
