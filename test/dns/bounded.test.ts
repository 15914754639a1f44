// No answer of a name server holds up the agent, however few bytes it has.

import { afterEach, expect, it } from "vitest";
import { type Question, readAnswer } from "../../agent/dns/message.ts";
import { answer, ask, closeAll, GOOD } from "./name-server.ts";

afterEach(closeAll);

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const ID = 7;

/** A name of 126 labels, to which each record points. */
const LONG = Buffer.from(`${"\x01a".repeat(126)}\0`, "latin1");
const QUESTION: Question<"TXT"> = { name: "a.".repeat(126).slice(0, -1), type: "TXT" };
const POINTER = Buffer.from([0xc0, 12]);

function record(name: Buffer, type: number, data: Buffer): Buffer {
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(type, 0);
  fields.writeUInt16BE(1, 2);
  fields.writeUInt32BE(30, 4);
  fields.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, fields, data]);
}

/** As many records as a message by TCP can have. */
function full(name: Buffer, type: number, data: Buffer): Buffer {
  const header = Buffer.from([0, ID, 0x81, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const start = Buffer.concat([header, LONG, Buffer.from([0, 16, 0, 1])]);
  const one = record(name, type, data);
  const count = Math.floor((65_535 - start.length) / one.length);
  start.writeUInt16BE(count, 6);
  return Buffer.concat([start, ...Array.from({ length: count }, () => one)]);
}

const COSTLY: [name: string, bytes: Uint8Array][] = [
  [
    "30 bytes that claim 30,724 answers",
    hex("0007 8100 0001 7804 c00d 7374 00 0010 0001 c00c 0010 0001 0000001e 000a 05"),
  ],
  ["a name that points to itself", hex("0007 8100 0001 0001 0000 0000 c00c 0010 0001 c00c 0010 0001 0000001e 0000")],
  ["addresses with long names", full(POINTER, 1, Buffer.alloc(4))],
  ["aliases with long names", full(POINTER, 5, POINTER)],
  ["authorities with three long names", full(POINTER, 6, Buffer.concat([POINTER, POINTER, Buffer.alloc(20)]))],
  ["a text of 60,000 empty strings", full(POINTER, 16, Buffer.alloc(60_000))],
  ["records that the agent does not use", full(Buffer.from([0]), 47, Buffer.alloc(60_000, 255))],
];

it.each(COSTLY)("%s are read within 20 ms", (_, bytes) => {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    expect(["malformed", "foreign", "none"]).toContain(readAnswer(bytes, ID, QUESTION).kind);
    return performance.now() - began;
  });
  expect(Math.min(...times)).toBeLessThan(20);
});

it("gives up after 64 answers to other questions, because someone may be guessing the id", async () => {
  const { outcome, counters } = await ask((query) =>
    Array.from({ length: 80 }, (_, i) => answer(query, GOOD, { id: ((query.id ?? 0) + 1 + i) & 0xffff })),
  );
  expect(outcome).toEqual({ kind: "failure", why: "127.0.0.1: too many answers to other questions" });
  expect(counters).toMatchObject({ questions: 1, foreign: 64 });
});

it("asks with another id and from another port each time", async () => {
  const seen: string[] = [];
  for (let i = 0; i < 8; i++)
    await ask((query, _protocol, _bytes, port) => {
      seen.push(`${query.id}`, `port ${port}`);
      return [answer(query, GOOD)];
    });
  expect(new Set(seen).size).toBeGreaterThan(13);
});
