// Counters that the kernel computes from others read at other moments slip back at times; what is exported must not.

/**
 * Keeps the highest value until the counter is past it again: to a collector one step back is almost 2^32 forward. A
 * fall of more than `mostSlip` is no slip and goes through.
 */
export function makeHold(mostSlip: number): (value: number | undefined) => number | undefined {
  let highest: number | undefined;
  return (value) => {
    const slipped = value !== undefined && highest !== undefined && value < highest && highest - value <= mostSlip;
    if (!slipped) highest = value;
    return highest;
  };
}
