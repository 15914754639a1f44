// Random numbers that nobody can predict, as the ids of DNS questions must be. See urandom(4).

import { randomFillSync } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

const POOL_WORDS = 1024;
const RANGE = 2 ** 32;

/** Fills the memory. Reads the device, because Node's own generator takes 15 ms and 3 MB when it is first used. */
function fill(bytes: Uint8Array): void {
  try {
    const fd = openSync("/dev/urandom", "r");
    try {
      if (readSync(fd, bytes) === bytes.length) return;
    } finally {
      closeSync(fd);
    }
  } catch {
    // A container may lack the device.
  }
  randomFillSync(bytes);
}

/** Returns a function that returns whole numbers, 0 <= n < below <= 2^32, evenly distributed. */
export function makeRandom(refill: (bytes: Uint8Array) => void = fill): (below: number) => number {
  const pool = new Uint32Array(POOL_WORDS);
  const bytes = new Uint8Array(pool.buffer);
  let used = POOL_WORDS;
  const word = (): number => {
    if (used === POOL_WORDS) {
      refill(bytes);
      used = 0;
    }
    const value = pool[used] ?? 0;
    pool[used++] = 0;
    return value;
  };
  return (below) => {
    // Values above the last multiple would make small numbers more frequent.
    const end = RANGE - (RANGE % below);
    for (;;) {
      const value = word();
      if (value < end) return value % below;
    }
  };
}
