// Requests a netlink dump and reads a list of values. See netlink(7), "NLM_F_DUMP_INTR".

import type { Message } from "../netlink/message.ts";
import { Errno } from "./errno.ts";
import { type Asking, lastOf, type NetlinkSocket } from "./netlink-socket.ts";

/** Attempts at a dump that changes interrupt. If changes interrupt all attempts, the last list is used as it is. */
const MOST_ATTEMPTS = 3;

type Request = (sequence: number) => Uint8Array;

/**
 * Replaces `into` by the values that `read` finds in a dump, at most `most` of them. Returns 0, or a negative errno. If
 * there were more values, the socket can only be closed.
 */
export function askAll<T>(
  socket: NetlinkSocket,
  request: Request,
  read: (message: Message) => T | undefined,
  into: T[],
  most = Number.POSITIVE_INFINITY,
): number {
  return lastOf(askingAll(socket, request, read, into, most));
}

/** Does the same in steps, for a long list. */
export function* askingAll<T>(
  socket: NetlinkSocket,
  request: Request,
  read: (message: Message) => T | undefined,
  into: T[],
  most = Number.POSITIVE_INFINITY,
): Asking {
  for (let attempt = 1; ; attempt++) {
    into.length = 0;
    const errno = yield* socket.asking(request, (message) => {
      const value = read(message);
      return value === undefined || into.push(value) < most;
    });
    if (errno !== Errno.again) return errno;
    if (attempt >= MOST_ATTEMPTS) return 0;
  }
}
