// Where datagrams go. sFlow v5, section 4.

/**
 * Where a count of bytes begins: as a floating-point number, for a whole one becomes one at 2^31, minutes into a load,
 * and all that it was compiled into is thrown away and compiled again.
 */
export const NO_BYTES = -0;

/** Finished datagrams in one buffer: i is `lengths[i]` bytes at `offsets[i]`. Valid during the call only. */
export interface DatagramBatch {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
}

/** Of `count` datagrams from `first` on. */
export function bytesOf({ lengths }: DatagramBatch, first: number, count: number): number {
  let bytes = 0;
  for (let i = first; i < first + count; i++) bytes += lengths[i] as number;
  return bytes;
}

/**
 * One system call for many datagrams. Never throws, never waits: what cannot be sent is counted by the collector
 * itself.
 */
export interface Collector {
  send(datagrams: DatagramBatch): void;
  /** Where they go at this moment, for whoever lists collectors. */
  readonly destination?: Destination | undefined;
}

export interface Destination {
  readonly address: Uint8Array;
  readonly port: number;
  readonly device: string | undefined;
  readonly namespace: string | undefined;
}
