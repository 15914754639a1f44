// Each check of sampling as statistics, on a load that is sampled with one fault.

import { expect, it } from "vitest";
import { expectation, flow, START } from "./good.ts";
import { found, one, sent } from "./sent.ts";

/** Samples of these packet numbers, ten a second. */
const sampled = (numbers: readonly number[], pool = (number: number, _i: number) => number + 1, rate = 100) =>
  sent(
    ...numbers.map((number, i) => ({
      at: i / 10,
      samples: [flow(number, START + i / 10, { sequence: i + 1, pool: pool(number, i), rate })],
    })),
  );
const every = (step: number, count: number): number[] => Array.from({ length: count }, (_, i) => i * step);

it("C-02 and C-03 report pools and drops that decrease", () => {
  expect(found("C", sent({ at: 0, samples: one(1) }, { at: 1, samples: one(2, { pool: 50 }) }))).toContain("C-02");
  expect(
    found("C", sent({ at: 0, samples: one(1, { drops: 5 }) }, { at: 1, samples: one(2, { drops: 4 }) })),
  ).toContain("C-03");
});

it("C-04 and C-06 report too many samples", () => {
  expect(found("C", sampled(every(50, 1000)))).toEqual(expect.arrayContaining(["C-04", "C-06"]));
});

it("C-05 and C-07 report every 100th packet sampled", () => {
  expect(found("C", sampled(every(100, 500)))).toEqual(expect.arrayContaining(["C-05", "C-07"]));
});

it("C-08 reports a gap of 16 times the rate", () => {
  const late = every(97, 250).map((number, i) => (i > 100 ? number + 1600 : number));
  expect(found("C", sampled(late))).toContain("C-08");
});

it("C-11 and C-36 report a pool that is computed, not counted", () => {
  const numbers = every(130, 300);
  expect(
    found(
      "C",
      sampled(numbers, (_, i) => (i + 1) * 100),
    ),
  ).toEqual(expect.arrayContaining(["C-11", "C-36"]));
});

it("C-12 reports a packet sampled twice, C-13 a packet lost at 1:1", () => {
  const { samplingRate: _, ...rest } = expectation;
  const exact = { ...rest, samplingRate: new Map([[3, 1]]), numbered: { port: 5000, count: 4 } };
  expect(found("C", sampled([0, 1, 1, 2, 3], undefined, 1), exact)).toContain("C-12");
  expect(found("C", sampled([0, 1, 3], undefined, 1), exact)).toContain("C-13");
  expect(found("C", sampled([0, 1, 2, 3], undefined, 1), exact)).not.toContain("C-13");
});
