// A destination of datagrams. See sFlow v5, section 4.

/**
 * The initial value of a counter of bytes: a floating-point zero. From 0, V8 would store the counter as an integer
 * until 2^31, which takes minutes under load, and then discard and recompile the code that uses the counter.
 */
export const NO_BYTES = -0;

/** Finished datagrams in one buffer. Datagram i has `lengths[i]` bytes at `offsets[i]`. Valid only during `send`. */
export interface DatagramBatch {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
  /** Number of samples that are missing because this form of samples cannot express them. */
  readonly leftOut?: number;
}

/** The form of all samples of a stream. Compact samples have no room for an interface index above 16777215. */
export type SampleForm = "expanded" | "compact";

/** Returns the bytes of `count` datagrams from `first` on. */
export function bytesOf({ lengths }: DatagramBatch, first: number, count: number): number {
  let bytes = 0;
  for (let i = first; i < first + count; i++) bytes += lengths[i] as number;
  return bytes;
}

/** A destination that receives all datagrams. */
export interface Collector {
  /** Sends many datagrams in one system call. Never throws and never waits. Counts datagrams that cannot be sent. */
  send(datagrams: DatagramBatch): void;
  /** Default: expanded. */
  readonly form?: SampleForm;
  /** The address and port in use now. */
  readonly destination?: Destination | undefined;
}

export interface Destination {
  readonly address: Uint8Array;
  readonly port: number;
  readonly device: string | undefined;
  readonly namespace: string | undefined;
}
