// A place where messages arrive: a UDP port, a unix socket or a named pipe.

import { Fault } from "./fault.ts";

/** Bytes. The datagrams of sFlow are much shorter than that. */
export const LONGEST_MESSAGE = 16_384;

export const tooLong = (): Fault => new Fault("TooLong", `it is longer than ${LONGEST_MESSAGE} bytes`);

export interface Input {
  readonly name: string;
  /** Messages that were lost before they were read. */
  readonly lost: number;
  /** Opens the input if it is not open, or looks whether it still is. Throws the error of the system. */
  open(): void;
  close(): void;
}
