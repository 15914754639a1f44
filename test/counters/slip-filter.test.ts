// Filters small decreases of counters.

import { expect, it } from "vitest";
import { makeSlipFilter } from "../../agent/counters/slip-filter.ts";

it("keeps the highest value after a small decrease, but passes a large decrease on", () => {
  const filter = makeSlipFilter(10);
  expect([100, 95, 101, 91, 90, 80, 85].map(filter)).toEqual([100, 100, 101, 101, 90, 90, 90]);
  expect([undefined, 5].map(filter)).toEqual([undefined, 5]);
});
