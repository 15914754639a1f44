// A destination of datagrams. sFlow v5, section 4.

/**
 * The start of a count of bytes: a floating-point zero. V8 stores a whole number as an integer until 2^31; reaching
 * that minutes into a load discards and recompiles the code that uses it.
 */
export const NO_BYTES = -0;

/** Finished datagrams in one buffer: datagram i has `lengths[i]` bytes at `offsets[i]`. Valid only during the call. */
export interface DatagramBatch {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
}

/** Returns the bytes of `count` datagrams from `first` on. */
export function bytesOf({ lengths }: DatagramBatch, first: number, count: number): number {
  let bytes = 0;
  for (let i = first; i < first + count; i++) bytes += lengths[i] as number;
  return bytes;
}

export interface Collector {
  /** Sends many datagrams in one system call. Never throws and never waits; it counts those that it cannot send. */
  send(datagrams: DatagramBatch): void;
  /** The present destination. */
  readonly destination?: Destination | undefined;
}

export interface Destination {
  readonly address: Uint8Array;
  readonly port: number;
  readonly device: string | undefined;
  readonly namespace: string | undefined;
}
