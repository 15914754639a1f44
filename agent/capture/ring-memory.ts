// Shares a limited amount of memory among the rings of all taps.

import { LEAST_FRAMES, type RingSize } from "./packet-ring.ts";

/** The memory that rings larger than the smallest one have together, in octets. */
const MOST_BYTES = 32 * 1024 * 1024;
/** A ring has at most this share of the memory that is left, so that the next ones find some. */
const SHARE = 1 / 4;

export const ringBytes = ({ frameBytes, frames }: RingSize): number => frameBytes * frames;

export class RingMemory {
  #used = 0;

  /** Octets of all rings. */
  get used(): number {
    return this.#used;
  }

  /**
   * Returns the size that a ring may have: the size wanted, or a smaller one if there are many rings. A multiple of
   * LEAST_FRAMES fills whole blocks.
   */
  sizeFor({ frameBytes, frames }: RingSize): RingSize {
    const most = Math.max(0, MOST_BYTES - this.#used) * SHARE;
    const granted = Math.floor(most / frameBytes / LEAST_FRAMES) * LEAST_FRAMES;
    return { frameBytes, frames: Math.max(LEAST_FRAMES, Math.min(frames, granted)) };
  }

  take(size: RingSize): void {
    this.#used += ringBytes(size);
  }

  giveBack(size: RingSize): void {
    this.#used -= ringBytes(size);
  }
}
