// Addresses of the interfaces of a namespace, compared with ip(8).

import { expect, it } from "vitest";
import { readLinkAddress } from "../../agent/netlink/link-address.ts";
import { readMessages } from "../../agent/netlink/message.ts";
import { bytesOfCapture, wordsOfIp } from "./capture.ts";

const SCOPES: Readonly<Record<number, string>> = { 0: "global", 253: "link", 254: "host" };

function show(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}

it("agrees with ip about every address, the local one of a point-to-point link included", () => {
  const read = readMessages(bytesOfCapture("addresses")).flatMap((message) => readLinkAddress(message) ?? []);
  const ours = read.map(({ index, bytes, prefixLength, scope }) => [index, show(bytes), prefixLength, SCOPES[scope]]);
  const theirs = wordsOfIp("addresses").flatMap(({ ifindex, addr_info = [] }) =>
    addr_info.map(({ local, prefixlen, scope }) => [ifindex, local, prefixlen, scope]),
  );
  expect(ours.sort()).toEqual(theirs.sort());
  expect(ours.some(([, address]) => address === "10.7.0.2")).toBe(true);
});
