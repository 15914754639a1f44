// Text that a terminal can print: which characters are shown as escapes, and that JSON keeps its meaning.

import { expect, it } from "vitest";
import { jsonText, linesText, plainText, printable, styledText } from "../../agent/text/printable.ts";
import { HOSTILE, hostileCharacters } from "./hostile.ts";

it.each(hostileCharacters)("shows $name as an escape", ({ character, shown }) => {
  expect(printable(`a${character}b`)).toBe(`a${shown}b`);
  expect(JSON.parse(`"${printable(character)}"`)).toBe(character);
});

it.each(["eth0", "a\\u001bb", "größe", "веб-1", "东京", "😀", "a b", '"\\"', "naïve~"])(
  "leaves %s as it is",
  (text) => {
    expect(printable(text)).toBe(text);
  },
);

it("changes nothing when applied again", () => {
  expect(printable(printable(HOSTILE))).toBe(printable(HOSTILE));
});

it("keeps a hostile name on its line", () => {
  expect(linesText([`a${HOSTILE}b`, "c"]).split("\n")).toHaveLength(3);
  expect(linesText([])).toBe("");
});

it("prints JSON that parses to the same value", () => {
  const value = { [HOSTILE]: [HOSTILE, 1, null, { deep: HOSTILE }] };
  expect(JSON.parse(jsonText(value))).toEqual(value);
  expect(jsonText({ a: 1 })).toBe('{\n  "a": 1\n}\n');
});

it("paints a name without letting it paint", () => {
  expect(styledText(31, "a\u001b[0m")).toBe("\u001b[31ma\\u001b[0m\u001b[0m");
  expect(plainText("a\tb")).toBe("a\\u0009b");
});
