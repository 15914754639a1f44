// Lines broken to fit a terminal.

import { expect, it } from "vitest";
import { linesText } from "../../agent/text/printable.ts";
import { besideName, fitLines, wrapText } from "../../agent/text/wrap.ts";

it.each([
  ["fits", 80, ["fits"]],
  ["one two three", 7, ["one two", "three"]],
  ["load 1   cpu 2 %   disk 3", 16, ["load 1   cpu 2 %", "disk 3"]],
  [
    "udp [2001:db8::1]:53 > [2001:db8::2]:53   99 bytes",
    24,
    ["udp [2001:db8::1]:53 >", "[2001:db8::2]:53", "99 bytes"],
  ],
  ["averylongword b", 4, ["averylongword", "b"]],
] as const)("%j in %i columns", (text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});

it("continues below the text, not below the name", () => {
  expect(besideName("name  ", "one two three", 13)).toEqual(["name  one two", "      three"]);
});

it("breaks lines below their last column, and leaves lines that fit", () => {
  const lines = ["broken  an interface  eth1 is not sampled", "        remedy: create it or not", "ok  a     b"];
  expect(fitLines(linesText(lines), 32)).toBe(
    [
      "broken  an interface  eth1 is",
      "                      not",
      "                      sampled",
      "        remedy: create it or not",
      "ok  a     b",
      "",
    ].join("\n"),
  );
  expect(fitLines(linesText(lines), Number.POSITIVE_INFINITY)).toBe(linesText(lines));
});
