// The number of packets skipped between samples in user space is distributed as with independent draws.

import { expect, it } from "vitest";
import { makeRandomSkip } from "../../agent/capture/random-skip.ts";
import { seededRandom } from "../seeded-random.ts";

it("samples every packet at 1-in-1", () => {
  const skip = makeRandomSkip(1, () => 0);
  expect([skip.take(), skip.take(), skip.take()]).toEqual([true, true, true]);
});

it.each([2, 10, 100, 1000])("takes 1 in %i, with the gaps of independent draws", (rate) => {
  const skip = makeRandomSkip(rate, seededRandom(rate).below);
  const samples = 10_000;
  const gaps: number[] = [];
  for (let packets = 0, last = 0; gaps.length < samples; packets++) {
    if (!skip.take()) continue;
    gaps.push(packets - last);
    last = packets;
  }
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / samples;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / samples;
  const deviation = Math.sqrt(rate * (rate - 1));
  expect(Math.abs(mean - rate)).toBeLessThan((4 * deviation) / Math.sqrt(samples) + 0.01);
  expect(Math.sqrt(variance) / deviation).toBeGreaterThan(0.95);
  expect(Math.sqrt(variance) / deviation).toBeLessThan(1.05);
});

it("draws a new skip when the rate changes", () => {
  const skip = makeRandomSkip(1_000_000, () => 2 ** 31);
  expect(skip.take()).toBe(false);
  skip.setRate(1);
  expect(skip.take()).toBe(true);
});
