// Filters small decreases of counters, which occur if the kernel computes a counter from values of different moments.

/**
 * Returns a filter: it returns the highest value so far until the counter exceeds that value, because a collector reads
 * a decrease as an increase of almost 2^32. A decrease of more than `mostSlip` is a reset, and is not filtered.
 */
export function makeSlipFilter(mostSlip: number): (value: number | undefined) => number | undefined {
  let highest: number | undefined;
  return (value) => {
    const slipped = value !== undefined && highest !== undefined && value < highest && highest - value <= mostSlip;
    if (!slipped) highest = value;
    return highest;
  };
}
