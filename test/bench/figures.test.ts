// The arithmetic behind the figures.

import { expect, it } from "vitest";
import { makeRandomSkip } from "../../agent/capture/random-skip.ts";
import { seededRandom } from "../seeded-random.ts";
import { testGaps } from "./chi-square.ts";
import { curve } from "./curve.ts";

it("finds the exponent of a power law", () => {
  const points = [1, 10, 100].map((work) => ({ work, cost: 3 * work ** 1.5 }));
  expect(curve(points).exponent).toBeCloseTo(1.5);
  expect(curve([10, 1000].map((work) => ({ work, cost: 7 }))).exponent).toBeCloseTo(0);
});

it.each([10, 100, 1000])(
  "takes independent draws 1-in-%d for what they are, and every Nth for what it is not",
  (rate) => {
    const packets = Array.from({ length: 3000 * rate }, (_, i) => i);
    const skip = makeRandomSkip(rate, seededRandom(5).below);
    const { probability, gaps, degrees } = testGaps(
      packets.filter(() => skip.take()),
      rate,
    );
    expect(gaps).toBeGreaterThan(2700);
    expect(degrees).toBeGreaterThan(15);
    expect(probability).toBeGreaterThan(0.001);
    expect(probability).toBeLessThan(0.999);
    expect(
      testGaps(
        packets.filter((i) => i % rate === 0),
        rate,
      ).probability,
    ).toBeLessThan(1e-6);
  },
);
