// Waiting times between attempts: each twice the one before, up to the longest.

export interface BackOff {
  /** Returns how long to wait before the next attempt, in the unit of `first`. */
  next(): number;
  /** Starts again with the shortest wait, after a success. */
  reset(): void;
}

export function makeBackOff(first: number, longest: number): BackOff {
  let wait = first;
  return {
    next() {
      const now = wait;
      wait = Math.min(2 * wait, longest);
      return now;
    },
    reset() {
      wait = first;
    },
  };
}
