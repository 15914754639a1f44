// Counters that slip back by a little.

import { expect, it } from "vitest";
import { makeSlipFilter } from "../../agent/counters/slip-filter.ts";

it("keeps the highest value through a small slip, and lets a larger fall through", () => {
  const filter = makeSlipFilter(10);
  expect([100, 95, 101, 91, 90, 80, 85].map(filter)).toEqual([100, 100, 101, 101, 90, 90, 90]);
  expect([undefined, 5].map(filter)).toEqual([undefined, 5]);
});
