// Sequence numbers of one psample group, and the samples that are missing between them. linux/psample.h
// "PSAMPLE_ATTR_GROUP_SEQ".

/** A number that is behind by no more than this is late. */
const MOST_LATE = 1024;
/** No more samples than this are lost at a time. With any number beyond, the kernel has begun the group again. */
const MOST_MISSING = 2 ** 24;

export class GroupSequence {
  #next = -1;

  /**
   * Takes the number of a sample, -1 if it has none. Returns how many samples are missing before it, or -1 if it comes
   * late: processors number their samples and send them in an order of their own.
   */
  take(sequence: number): number {
    if (sequence < 0) return 0;
    const missing = this.#next < 0 ? 0 : (sequence - this.#next) >>> 0;
    const behind = 2 ** 32 - missing;
    if (missing !== 0 && behind <= MOST_LATE) return -1;
    this.#next = (sequence + 1) >>> 0;
    return missing > MOST_MISSING ? 0 : missing;
  }
}
