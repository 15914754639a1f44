// Prints mutated datagrams as text and as JSON: none may throw, and every line is well-formed.

import { expect, it } from "vitest";
import { seededRandom } from "../../seeded-random.ts";
import { originals } from "../../sflow/fuzz.ts";
import { mutate } from "../../sflow/mutate.ts";
import { print } from "./print.ts";

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
