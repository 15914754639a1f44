// The messages in the bytes of a named pipe: where they begin and end, and what a broken one costs.

import { expect, test } from "vitest";
import { PipeMessages } from "../../../agent/modules/json/pipe-messages.ts";

const LIMIT = 100;

function split(...pieces: readonly string[]): string[] {
  const seen: string[] = [];
  const messages = new PipeMessages(LIMIT, {
    onMessage: (bytes) => seen.push(Buffer.from(bytes).toString()),
    onNoise: (bytes) => seen.push(`noise ${Buffer.from(bytes)}`),
    onTooLong: () => seen.push("too long"),
    onCut: () => seen.push("cut"),
  });
  for (const piece of pieces) messages.take(Buffer.from(piece));
  messages.end();
  return seen;
}

test("are taken with and without newlines, on one line and on several", () => {
  expect(split('{"a":1}\n{"b":2}{"c":3} {"d":\n 4,\n "e": {\n } }\n\n')).toEqual([
    ...['{"a":1}', '{"b":2}', '{"c":3}', '{"d":\n 4,\n "e": {\n } }'],
  ]);
});

test("are put together from any pieces", () => {
  const text = '{"a":"}{\\"\\\\"}{"b":{"c":[{}]}}';
  for (let size = 1; size < text.length; size++)
    expect(split(...(text.match(new RegExp(`.{1,${size}}`, "g")) ?? []))).toEqual([
      ...['{"a":"}{\\"\\\\"}', '{"b":{"c":[{}]}}'],
    ]);
});

test("are found again on a new line after a broken one", () => {
  expect(split('{"a":{"b\n{"c":1}\n')).toEqual(["cut", '{"c":1}']);
  expect(split('{"a":1\n{"c":1}\n')).toEqual(["cut", '{"c":1}']);
  expect(split('nonsense\n}}\n{"c":1}\n')).toEqual(["noise nonsense", "noise }}", '{"c":1}']);
  expect(split('nonsense {"c":1}')).toEqual(["noise nonsense ", '{"c":1}']);
});

test("are cut where the last sender closes the pipe", () => {
  expect(split('{"a":')).toEqual(["cut"]);
});

test("are too long once, however long they are", () => {
  expect(split(`{"a":"${"x".repeat(LIMIT * 50)}"}\n{"c":1}`)).toEqual(["too long", '{"c":1}']);
  expect(split(`${"x".repeat(LIMIT * 50)}\n{"c":1}`)).toEqual(["too long", '{"c":1}']);
  expect(split("x".repeat(10_000_000))).toEqual(["too long"]);
});
