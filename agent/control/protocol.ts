// What is said on the control socket: one line of JSON with a request, one line of JSON with the answer, and the end.
// unix(7).

import type { Status } from "../report/agent-status.ts";

/** Requests and what each answers. */
export interface Requests {
  readonly status: Status;
  readonly reload: Reloaded;
}

export type Request = keyof Requests;

export interface Reloaded {
  /** False where the configuration in force stays. */
  readonly ok: boolean;
  /** What is wrong with the file, or odd about it, as `check` prints it; or what was done. */
  readonly text: string;
  /** What its blocks need and the agent may not do, and what they have failed of: they are in force without. */
  readonly lacking: readonly string[];
}

/** Who answers; a request that nobody answers is refused by name. */
export type Handlers = { readonly [R in Request]?: () => Requests[R] | Promise<Requests[R]> };

export type Answer =
  | { readonly ok: true; readonly answer: unknown }
  /** The request was not understood, or failed. */
  | { readonly ok: false; readonly error: string };

/** Bytes of a request; nobody has more to say. */
export const REQUEST_BYTES = 4096;
/** Milliseconds for either side to say all it has to say. */
export const PATIENCE = 2000;
