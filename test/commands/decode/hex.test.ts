// Datagrams in hex digits, in the formats that common tools print.

import { expect, it } from "vitest";
import { datagramsOfHex } from "../../../agent/commands/decode/hex.ts";
import { fromHex, toHex, vectors } from "../../sflow/vectors.ts";

const bytes = fromHex(vectors.C);
const digits = toHex(bytes);
const pairs = digits.match(/../g) ?? [];

const rows = (groups: string[], perRow: number, row: (groups: string[], i: number) => string): string =>
  Array.from({ length: Math.ceil(groups.length / perRow) }, (_, i) =>
    row(groups.slice(i * perRow, (i + 1) * perRow), i),
  ).join("\n");

const offset = (i: number, width: number): string => (i * 16).toString(16).padStart(width, "0");
const quads = digits.match(/..(..)?/g) ?? [];

it.each([
  ["wrapped digits", vectors.C],
  ["one line", digits],
  ["pairs", pairs.join(" ")],
  ["dashes", pairs.join("-").toUpperCase()],
  ["comments", `# vector C\n${vectors.C}  # end\n`],
  ["xxd", rows(quads, 8, (row, i) => `${offset(i, 8)}: ${row.join(" ")}  ..@.. abcd 1234`)],
  ["tcpdump -x", rows(quads, 8, (row, i) => `\t0x${offset(i, 4)}:  ${row.join(" ")}`)],
  ["tcpdump -X", rows(quads, 8, (row, i) => `\t0x${offset(i, 4)}:  ${row.join(" ")}  abcd..`)],
  [
    "bars",
    rows(pairs, 16, (row, i) => `${offset(i, 8)}: ${row.slice(0, 8).join(" ")}  ${row.slice(8).join(" ")} |abcd|`),
  ],
])("reads %s", (_, text) => {
  expect(datagramsOfHex(text)?.map(toHex)).toEqual([digits]);
});

it("reads one datagram per paragraph, or per line if all lines begin with version 5", () => {
  const paragraphs = `${vectors.A}\n\n${vectors.B}\n \n${vectors.D}`;
  expect(datagramsOfHex(paragraphs)?.length).toBe(3);
  expect(datagramsOfHex(`${digits}\n${digits}\n`)?.length).toBe(2);
});

it("rejects text that is not hex", () => {
  expect(datagramsOfHex("hello")).toBeUndefined();
  expect(datagramsOfHex("000")).toBeUndefined();
  expect(datagramsOfHex("")).toEqual([]);
});
