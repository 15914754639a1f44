// The gaps that follow from waits and steps are those of independent draws.

import { describe, expect, it } from "vitest";
import {
  drawWait,
  PLACE_BITS,
  QUANTILE_BITS,
  QUANTILES,
  quantiles,
  stepOf,
} from "../../../agent/capture/epcap/waits.ts";
import { testGaps } from "../../bench/chi-square.ts";
import { seededRandom } from "../../seeded-random.ts";

const table = quantiles();
const at = (i: number): bigint => table[i] as bigint;

/** Draws as the program does, from random numbers of 32 bits. */
function draw(random: () => number): bigint {
  let before = 0n;
  for (let attempt = 0; ; attempt++) {
    const number = random();
    const quantile = number % QUANTILES;
    const place = BigInt((number >>> QUANTILE_BITS) % 2 ** PLACE_BITS);
    if (quantile < QUANTILES - 1 || attempt === 1)
      return before + at(quantile) + (((at(quantile + 1) - at(quantile)) * place) >> BigInt(PLACE_BITS));
    before = at(quantile);
  }
}

function samples(rate: number, count: number, next: () => bigint): number[] {
  const taken: number[] = [];
  const step = stepOf(rate);
  for (let number = 0; taken.length < count; ) {
    number += Number(next() / step) + 1;
    taken.push(number);
  }
  return taken;
}

describe("the gaps between samples", () => {
  it.each([2, 3, 10, 100, 1000, 1_000_000])("are geometric at 1-in-%i", (rate) => {
    const random = seededRandom(rate);
    const { probability } = testGaps(
      samples(rate, 100_000, () => draw(() => random.uint32())),
      rate,
    );
    expect(probability).toBeGreaterThan(0.001);
  });

  it("begin with a wait like all others", () => {
    const random = seededRandom(7);
    const { probability } = testGaps(
      samples(100, 100_000, () => drawWait(random.below)),
      100,
    );
    expect(probability).toBeGreaterThan(0.001);
  });

  it("are 1 at 1-in-1, and have the mean N", () => {
    const random = seededRandom(8);
    expect(samples(1, 1000, () => draw(() => random.uint32())).at(-1)).toBe(1000);
    expect((samples(400, 200_000, () => draw(() => random.uint32())).at(-1) as number) / 200_000 / 400).toBeCloseTo(
      1,
      2,
    );
  });
});

it("computes without an overflow of 64 bits", () => {
  expect((at(QUANTILES) - at(QUANTILES - 1)) << BigInt(PLACE_BITS)).toBeLessThan(2n ** 64n);
  expect(at(QUANTILES - 1) + at(QUANTILES)).toBeLessThan(stepOf(1));
});
