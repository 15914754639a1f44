// Prints mutated datagrams as text and as JSON: none may throw, and every line is well-formed.

import { expect, it } from "vitest";
import { Printer } from "../../../agent/commands/decode/printer.ts";
import { seededRandom } from "../../seeded-random.ts";
import { originals } from "../../sflow/fuzz.ts";
import { mutate } from "../../sflow/mutate.ts";

const ORIGIN = { source: undefined, seconds: undefined, microseconds: undefined };

function print(bytes: Uint8Array, format: "text" | "json"): string[] {
  const chunks: Uint8Array[] = [];
  const printer = new Printer({ format, names: true }, (chunk) => chunks.push(chunk));
  printer.print(bytes, ORIGIN);
  printer.flush();
  return Buffer.concat(chunks).toString().trimEnd().split("\n");
}

it.each(["text", "json"] as const)("prints mutated datagrams as %s", (format) => {
  const random = seededRandom(14);
  const from = originals(random);
  for (let i = 0; i < 3000; i++) {
    const bytes = mutate(from, random);
    const lines = print(bytes, format);
    const hex = () => Buffer.from(bytes).toString("hex");
    if (format === "json") expect(() => JSON.parse(lines.join("")), hex()).not.toThrow();
    else if (lines.some((line) => !/^\S+ /.test(line) || /undefined|\[object/.test(line))) expect(hex()).toBe("");
  }
});
