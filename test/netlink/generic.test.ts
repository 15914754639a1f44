// Requests to the controller of generic netlink, and a captured answer about the family "netdev". See linux/genetlink.h

import { expect, it } from "vitest";
import { familyRequest, genericRequest, readCommand, readFamily } from "../../agent/netlink/generic.ts";
import { errnoOf, makeMessage, readMessages } from "../../agent/netlink/message.ts";
import { bytesOfCapture } from "./capture.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const answer = readMessages(bytesOfCapture("generic-family"));

it("asks for a family by its zero-terminated name, and for an acknowledgement", () => {
  const header = "20000000100005000700000000000000";
  expect(hex(familyRequest(7, "netdev"))).toBe(`${header}030200000b0002006e65746465760000`);
});

it("puts command and version in front of the attributes", () => {
  const request = genericRequest(0x1d, 1, 9, { command: 4, version: 2 }, Uint8Array.of(8, 0, 1, 0, 5, 0, 0, 0));
  expect(hex(request)).toBe(`1c0000001d0001000900000000000000${"04020000"}0800010005000000`);
});

it("reads number, version and groups of a family", () => {
  const [family, acknowledgement] = answer;
  expect(family && readCommand(family)).toBe(1);
  expect(family && readFamily(family)).toEqual({
    id: 0x14,
    version: 1,
    groups: new Map([
      ["mgmt", 4],
      ["page-pool", 5],
    ]),
  });
  expect(acknowledgement && errnoOf(acknowledgement)).toBe(0);
});

it("reads no family from other messages", () => {
  const read = (type: number, ...body: number[]) =>
    readMessages(makeMessage(type, 0, 1, Uint8Array.from(body))).map((message) => readFamily(message));
  expect(read(16, 1, 2, 0, 0)).toEqual([undefined]);
  expect(read(16, 2, 2, 0, 0, 6, 0, 1, 0, 20, 0, 0, 0)).toEqual([undefined]);
  expect(read(17, 1, 2, 0, 0, 6, 0, 1, 0, 20, 0, 0, 0)).toEqual([undefined]);
  expect(read(16)).toEqual([undefined]);
});
