// The protocol of the control socket. The client sends one line of JSON with a request. The agent sends one line with
// the answer and closes the connection. See unix(7).

import type { Status } from "../report/agent-status.ts";

/** Each request with the type of its answer. */
export interface Requests {
  readonly status: Status;
  readonly reload: Reloaded;
}

export type Request = keyof Requests;

export interface Reloaded {
  /** False if the file was rejected, so that the previous configuration stays in force. */
  readonly ok: boolean;
  /** Errors and warnings as `hsflowd check` prints them, and whether the file was applied. */
  readonly text: string;
  /** A message for each block that lacks a privilege or failed to start. The configuration is in force anyway. */
  readonly lacking: readonly string[];
}

/** Handlers by request. A request without a handler is refused. */
export type Handlers = { readonly [R in Request]?: () => Requests[R] | Promise<Requests[R]> };

export type Answer =
  | { readonly ok: true; readonly answer: unknown }
  /** The request is unknown, or its handler failed. */
  | { readonly ok: false; readonly error: string };

/** Longest request in bytes. */
export const REQUEST_BYTES = 4096;
/** Longest answer in characters: a status with 10,000 interfaces has five million. */
export const ANSWER_LENGTH = 2 ** 26;
/** Longest time for the client and for the agent to send a whole line. */
export const TIMEOUT_MS = 2000;
