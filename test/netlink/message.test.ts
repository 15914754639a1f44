// Framing of netlink datagrams, valid and invalid.

import { expect, it } from "vitest";
import { errnoOf, MessageFlag, MessageType, makeMessage, readMessages } from "../../agent/netlink/message.ts";
import { bytesOfCapture } from "./capture.ts";

it("reads back what it makes, and pads the body", () => {
  const bytes = makeMessage(18, MessageFlag.request, 77, new Uint8Array([1, 2, 3]), new Uint8Array([4]));
  expect(bytes.length).toBe(24);
  const [message] = readMessages(bytes);
  expect(message).toMatchObject({ type: 18, flags: MessageFlag.request, sequence: 77, start: 16, end: 24 });
  expect([...bytes.subarray(16)]).toEqual([1, 2, 3, 0, 4, 0, 0, 0]);
});

it("reads a multipart answer to its end", () => {
  const messages = readMessages(bytesOfCapture("links"));
  expect(messages.map((message) => message.type)).toEqual([...Array(11).fill(16), MessageType.done]);
  expect(messages.every((message) => message.flags & MessageFlag.multi && message.sequence === 7)).toBe(true);
  expect(errnoOf(messages[11]!)).toBe(0);
});

it("reads the errno of an error", () => {
  const refusal = new Uint8Array(new Int32Array([-95, 0, 0, 0, 0]).buffer);
  const [error] = readMessages(makeMessage(MessageType.error, 0, 1, refusal));
  expect(errnoOf(error!)).toBe(95);
  expect(errnoOf(readMessages(makeMessage(MessageType.error, 0, 1))[0]!)).toBe(undefined);
  expect(errnoOf(readMessages(makeMessage(16, 0, 1, refusal))[0]!)).toBe(undefined);
});

it("stops at a length shorter than a header or longer than the datagram", () => {
  for (const length of [0, 15, 41, 0x7fff_ffff, 0xffff_ffff]) {
    const bytes = new Uint8Array([...makeMessage(1, 0, 1, new Uint8Array(8)), ...makeMessage(2, 0, 2)]);
    new DataView(bytes.buffer).setUint32(24, length, true);
    expect(readMessages(bytes).map((message) => message.type)).toEqual([1]);
  }
  expect(readMessages(new Uint8Array(15))).toEqual([]);
});
