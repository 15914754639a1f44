// I-14 in full: decodes a million mutated datagrams, in chunks with a seed each.

import { expect, it } from "vitest";
import { fuzz } from "../sflow/fuzz.ts";

const CHUNKS = 20;
const SIZE = 50_000;

it("I-14 decodes a million mutated datagrams, none in more than 50 ms", () => {
  const reports = Array.from({ length: CHUNKS }, (_, i) => fuzz(1000 + i, SIZE));
  expect(reports.reduce((sum, { count }) => sum + count, 0)).toBe(1_000_000);
  expect(Math.max(...reports.map(({ slowestMilliseconds }) => slowestMilliseconds))).toBeLessThan(50);
});
