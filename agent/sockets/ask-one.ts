// Sends a netlink request and reads one value from the answer.

import type { Message } from "../netlink/message.ts";
import { askAll } from "./ask-all.ts";
import type { NetlinkSocket } from "./netlink-socket.ts";

/** Returns the last value that `read` finds in the answer; undefined if there is none, or after an error. */
export function askOne<T>(
  socket: NetlinkSocket,
  request: (sequence: number) => Uint8Array,
  read: (message: Message) => T | undefined,
): T | undefined {
  const values: T[] = [];
  return askAll(socket, request, read, values) === 0 ? values.at(-1) : undefined;
}
