// The protocol of the control socket: one line of JSON with a request, one line with the answer, then the end. unix(7).

import type { Status } from "../report/agent-status.ts";

/** Each request with the type of its answer. */
export interface Requests {
  readonly status: Status;
  readonly reload: Reloaded;
}

export type Request = keyof Requests;

export interface Reloaded {
  /** False if the file was refused and the previous configuration stays in force. */
  readonly ok: boolean;
  /** Errors and warnings as `check` prints them, and what was done. */
  readonly text: string;
  /** A message for each block that lacks a privilege or failed to start. The configuration is in force all the same. */
  readonly lacking: readonly string[];
}

/** Handlers by request. A request without a handler is refused. */
export type Handlers = { readonly [R in Request]?: () => Requests[R] | Promise<Requests[R]> };

export type Answer =
  | { readonly ok: true; readonly answer: unknown }
  /** The request was not understood, or failed. */
  | { readonly ok: false; readonly error: string };

/** Longest request in bytes. */
export const REQUEST_BYTES = 4096;
/** Time for either side to send its whole line. */
export const TIMEOUT_MS = 2000;
