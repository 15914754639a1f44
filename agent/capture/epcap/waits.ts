// The random wait until the next sample, as BPF programs draw it without logarithms. See sFlow v5, section 3.1.1
// "random sampling".

/**
 * A wait is drawn from the exponential distribution with mean 1, and every packet takes `step` of it, which is
 * -ln(1 - 1/N). The packet that takes more than is left is the sample. So the number of packets between two samples has
 * the geometric distribution: every packet is a sample with probability 1/N, independent of all others. The exponential
 * distribution has no memory, so a new step changes the rate at once and needs no new wait.
 *
 * Waits and steps have 40 binary digits after the point.
 */
const UNIT = 2 ** 40;

/** Binary digits of a random number that choose a quantile. The other 20 choose a place between two quantiles. */
export const QUANTILE_BITS = 12;
export const PLACE_BITS = 20;
export const QUANTILES = 1 << QUANTILE_BITS;

/** Larger than any wait: each packet is a sample. */
const ALWAYS = 2n ** 62n;

/** Returns the part of a wait that one packet takes at 1-in-N. */
export const stepOf = (samplingRate: number): bigint =>
  samplingRate <= 1 ? ALWAYS : BigInt(Math.round(-Math.log1p(-1 / samplingRate) * UNIT));

/**
 * Returns the quantiles of the exponential distribution. A wait lies evenly between two neighbours, which makes its
 * mean too large by 0.003 %. Only the last interval has no end: there a program adds a second wait to the last
 * quantile. The end of the interval serves if the second wait is as rare, and has the right mean.
 */
export function quantiles(): BigUint64Array {
  const last = QUANTILES - 1;
  const value = (i: number): number => -Math.log1p(-i / QUANTILES);
  const values = Array.from({ length: QUANTILES + 1 }, (_, i) => (i > last ? value(last) + 2 : value(i)));
  return BigUint64Array.from(values, (each) => BigInt(Math.round(each * UNIT)));
}

/** Draws a first wait. `random(below)` returns an evenly distributed whole number from 0 to `below - 1`. */
export function drawWait(random: (below: number) => number): bigint {
  const uniform = (random(2 ** 32) + 1) / 2 ** 32;
  return BigInt(Math.round(-Math.log(uniform) * UNIT));
}
