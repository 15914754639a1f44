// Keeps counters from slipping back a little, as those do that the kernel computes from values of different moments.

/**
 * Returns a function that returns the highest value until the counter exceeds it: for a collector, a step back is
 * almost 2^32 forward. A fall of more than `mostSlip` is a reset and passes.
 */
export function makeSlipFilter(mostSlip: number): (value: number | undefined) => number | undefined {
  let highest: number | undefined;
  return (value) => {
    const slipped = value !== undefined && highest !== undefined && value < highest && highest - value <= mostSlip;
    if (!slipped) highest = value;
    return highest;
  };
}
