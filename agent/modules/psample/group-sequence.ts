// Counts missing samples by the sequence numbers of one psample group. See linux/psample.h, "PSAMPLE_ATTR_GROUP_SEQ".

/** A sample whose number is behind by no more than this is counted as late. */
const MOST_LATE = 1024;
/** A larger gap is not counted as lost samples: it means that the kernel has restarted the sequence. */
const MOST_MISSING = 2 ** 24;

export class GroupSequence {
  #next = -1;

  /**
   * Takes the sequence number of a sample; -1 if the sample has none. Returns how many samples are missing before it,
   * or
   * -1 if it is late. Samples can be late because several processors number and send them at the same time.
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
