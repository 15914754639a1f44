// Sends a netlink request and reads one value from the answer.

import type { Message } from "../netlink/message.ts";
import type { NetlinkSocket } from "./netlink-socket.ts";

/** Returns the last value that `read` finds in the answer; undefined if there is none, or after an error. */
export function askOne<T>(
  socket: NetlinkSocket,
  request: (sequence: number) => Uint8Array,
  read: (message: Message) => T | undefined,
): T | undefined {
  let value: T | undefined;
  const errno = socket.ask(request, (message) => {
    value = read(message) ?? value;
  });
  return errno === 0 ? value : undefined;
}
