// Parsing only the wanted members of a JSON object.

import { describe, expect, it } from "vitest";
import { pick } from "../../../agent/modules/docker/pick.ts";

describe("the wanted members", () => {
  const wanted = { a: true, b: { c: true, d: true } } as const;

  it("are returned with their values, wherever they are and however the text is laid out", () => {
    const json = { x: ["a", { a: 7 }], a: '\\"}]', y: '"a":1', b: { z: { c: 1 }, c: [1, { d: 2 }], d: null }, z: {} };
    const expected = { a: json.a, b: { c: json.b.c, d: null } };
    expect(pick(JSON.stringify(json), wanted)).toEqual(expected);
    expect(pick(` ${JSON.stringify(json, undefined, 2)}\n`, wanted)).toEqual(expected);
  });

  it("are those that occur last if they occur twice", () => {
    expect(pick('{"a":1,"a":2}', wanted)).toEqual({ a: 2 });
  });

  it("are undefined where the value is of another kind, too long, or no JSON", () => {
    expect(pick('{"a":nul,"b":7}', wanted)).toEqual({ a: undefined, b: undefined });
    expect(pick(`{"a":"${"x".repeat(20_000)}"}`, wanted)).toEqual({ a: undefined });
    expect(pick("{}", wanted)).toEqual({});
  });

  it("are no members of the prototype", () => {
    expect(pick('{"__proto__":{"a":1},"constructor":1,"toString":2}', wanted)).toEqual({});
  });
});

it.each(["", "null", "[]", '["a"]', '"{"', "text", "{", '{"a":1', '{"a":1}}', '{"a":1} x', "<html>{}"])(
  "%s is not an object",
  (text) => {
    expect(pick(text, { a: true })).toBeUndefined();
  },
);

it("an object of four megabytes takes a few milliseconds, whatever else is in it", () => {
  const size = 1 << 22;
  const bulky = [
    `${"[".repeat(size / 2)}${"]".repeat(size / 2)}`,
    `{${Array.from({ length: size / 10 }, (_, i) => `"${i.toString(36)}":1`).join(",")}}`,
    `[${"{},".repeat(size / 3)}1]`,
  ];
  for (const value of bulky) {
    const began = performance.now();
    expect(pick(`{"x":${value},"a":1}`, { a: true })).toEqual({ a: 1 });
    expect(performance.now() - began).toBeLessThan(1000);
  }
});
