// Waiting times between attempts: each is twice as long as the one before, up to a limit.

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
