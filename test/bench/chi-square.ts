// Whether the gaps between samples are those of independent draws: the geometric distribution, by chi-square.

/** Gaps with a smaller expected count share a bin with others. */
const LEAST_EXPECTED = 20;
const MOST_BINS = 40;

export interface GapTest {
  readonly gaps: number;
  readonly chiSquare: number;
  readonly degrees: number;
  /** The chance of a deviation at least as large, if every packet is drawn by itself. */
  readonly probability: number;
}

/** `taken` are the numbers of the sampled packets, in order; packets are numbered from 0. */
export function testGaps(taken: readonly number[], rate: number): GapTest {
  const gaps = taken.slice(1).map((number, i) => number - (taken[i] as number));
  const bounds = binBounds(rate, gaps.length);
  const observed = new Array<number>(bounds.length + 1).fill(0);
  for (const gap of gaps) {
    const bin = bounds.findIndex((bound) => gap <= bound);
    const at = bin < 0 ? bounds.length : bin;
    observed[at] = (observed[at] as number) + 1;
  }
  const tail = (gap: number): number => (1 - 1 / rate) ** gap;
  const edges = [1, ...bounds.map(tail), 0];
  const expected = observed.map((_, i) => gaps.length * ((edges[i] as number) - (edges[i + 1] as number)));
  const chiSquare = observed.reduce(
    (sum, count, i) => sum + (count - (expected[i] as number)) ** 2 / (expected[i] as number),
    0,
  );
  const degrees = bounds.length;
  return { gaps: gaps.length, chiSquare, degrees, probability: upperTail(chiSquare, degrees) };
}

/** The largest gap of each bin but the last: bins are about equally likely, and none is too rare. */
function binBounds(rate: number, gaps: number): number[] {
  const bins = Math.max(2, Math.min(MOST_BINS, Math.floor(gaps / LEAST_EXPECTED)));
  const at = (share: number): number => Math.max(1, Math.round(Math.log(1 - share) / Math.log(1 - 1 / rate)));
  return [...new Set(Array.from({ length: bins - 1 }, (_, i) => at((i + 1) / bins)))];
}

/**
 * The tail of chi-square with this many degrees of freedom, by Wilson and Hilferty: to a thousandth from three
 * degrees on.
 */
function upperTail(chiSquare: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  return normalTail((Math.cbrt(chiSquare / degrees) - 1 + spread) / Math.sqrt(spread));
}

/** The tail of the normal distribution: Abramowitz and Stegun, 26.2.17. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z >= 0 ? tail : 1 - tail;
}
