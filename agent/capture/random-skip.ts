// Sampling in user space: draws how many packets to skip before the next sample. See sFlow v5, section 3.1.1 "random
// sampling".

/**
 * Counts down the packets to skip on one tap. The number is drawn from the geometric distribution after each sample. So
 * every packet is a sample with probability 1/N, independent of all other packets, as when the kernel draws.
 */
export interface RandomSkip {
  /** Called for each packet. Returns true for one in N. */
  take(): boolean;
  setRate(rate: number): void;
}

/** `random(below)` returns an evenly distributed whole number from 0 to `below - 1`. */
export function makeRandomSkip(rate: number, random: (below: number) => number): RandomSkip {
  let left = draw(rate, random);
  let current = rate;
  return {
    take() {
      if (left-- > 0) return false;
      left = draw(current, random);
      return true;
    },
    setRate(next) {
      current = next;
      left = draw(current, random);
    },
  };
}

function draw(rate: number, random: (below: number) => number): number {
  if (rate <= 1) return 0;
  const uniform = (random(2 ** 32) + 1) / 2 ** 32;
  return Math.floor(Math.log(uniform) / Math.log1p(-1 / rate));
}
