// The result of a lookup, from an answer of the kernel.

import type { DiagRequests } from "../../netlink/inet-diag.ts";
import { DiagAnswer, type DiagReader, isAnswerTo } from "../../netlink/inet-diag-answer.ts";
import { Errno } from "../../sockets/errno.ts";

/** The possible results of a lookup. `pending`: the kernel has not answered yet. `hit`: the socket was found. */
export const Outcome = { pending: 0, hit: 1, notFound: 2, error: 3 } as const;

/** Returns the result for request `index`. A socket without a tcp_info counts as not found. */
export function outcomeOf(reader: DiagReader, requests: DiagRequests, index: number): number {
  if (reader.kind === DiagAnswer.error) return reader.errno === -Errno.noEntry ? Outcome.notFound : Outcome.error;
  if (reader.kind !== DiagAnswer.socket) return Outcome.error;
  return reader.infoLength > 0 && isAnswerTo(reader, requests, index) ? Outcome.hit : Outcome.notFound;
}

/** Returns a text for the log about an answer that is an error or malformed. */
export const troubleOf = (reader: DiagReader): string =>
  reader.kind === DiagAnswer.error ? `errno ${reader.errno}` : "malformed answer";
