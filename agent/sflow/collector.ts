// Where datagrams go. sFlow v5, section 4.

/** Finished datagrams in one buffer: i is `lengths[i]` bytes at `offsets[i]`. Valid during the call only. */
export interface DatagramBatch {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
}

/** One system call for many datagrams. Never throws, never waits: what cannot be sent is counted by the collector itself. */
export interface Collector {
  send(datagrams: DatagramBatch): void;
}
