// What an answer says of the connection it was asked about.

import type { DiagRequests } from "../../netlink/inet-diag.ts";
import { DiagAnswer, type DiagReader, isAnswerTo } from "../../netlink/inet-diag-answer.ts";
import { Errno } from "../../sockets/errno.ts";

export const Outcome = { pending: 0, hit: 1, notFound: 2, error: 3 } as const;

/** Of the connection that request `index` asks about. A socket without figures is as good as none. */
export function outcomeOf(reader: DiagReader, requests: DiagRequests, index: number): number {
  if (reader.kind === DiagAnswer.error) return reader.errno === -Errno.noEntry ? Outcome.notFound : Outcome.error;
  if (reader.kind !== DiagAnswer.socket) return Outcome.error;
  return reader.infoLength > 0 && isAnswerTo(reader, requests, index) ? Outcome.hit : Outcome.notFound;
}

/** Of an answer that is an error, or none that can be read, for the operator. */
export const troubleOf = (reader: DiagReader): string =>
  reader.kind === DiagAnswer.error ? `errno ${reader.errno}` : "an answer that cannot be read";
