// A short run of I-14 with 50,000 mutated datagrams. test/e2e/fuzz.test.ts has a million.

import { expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";

it("I-14 decodes 50,000 mutated datagrams without an exception", () => {
  const { whole, damaged, refused } = fuzz(1, 50_000);
  expect(whole + damaged + refused).toBe(50_000);
  for (const share of [whole, damaged, refused]) expect(share).toBeGreaterThan(2000);
});
