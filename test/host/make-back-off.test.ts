// Waiting times between attempts.

import { expect, test } from "vitest";
import { makeBackOff } from "../../agent/host/make-back-off.ts";

test("each wait is twice the one before, up to the longest", () => {
  const { next } = makeBackOff(1, 10);
  expect([next(), next(), next(), next(), next(), next()]).toEqual([1, 2, 4, 8, 10, 10]);
});

test("a reset starts again with the shortest wait", () => {
  const backOff = makeBackOff(5, 60);
  for (let i = 0; i < 10; i++) backOff.next();
  backOff.reset();
  expect([backOff.next(), backOff.next()]).toEqual([5, 10]);
});
