// What the kernel tells of links, addresses and routes as they change. rtnetlink(7), netlink(7).

import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import type { Shim } from "../../native-shim/shim.ts";
import { type Message, readMessages } from "../netlink/message.ts";
import { Errno, isTruncated } from "./netlink-socket.ts";
import { netlinkAddress } from "./socket-address.ts";
import { AF_NETLINK, NETLINK_ROUTE, SOCK_RAW } from "./socket-constants.ts";

export interface NoticeListener {
  /** Messages in the kernel's order, valid until it returns. */
  onMessages(messages: readonly Message[]): void;
  /** Notices were lost: the socket's buffer was full, or one did not fit. What they said must be asked for. */
  onLost(): void;
}

export interface Notices {
  listen(listener: NoticeListener): void;
  close(): void;
}

const STRIDE = 16 * 1024;
const SLOTS = 4;
/** Batches taken before others have their turn; the rest is told of again. */
const MOST_BATCHES = 16;

/**
 * Throws ShimError. Notices from before the call to `listen` wait in the socket. `filter`, an array of struct
 * sock_filter, sees each notice from its struct nlmsghdr on.
 */
export function openNotices(shim: Shim, groups: number, filter?: Uint8Array): Notices {
  const fd = shim.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  if (filter !== undefined) shim.attachFilter(fd, filter);
  shim.bind(fd, netlinkAddress(0, groups));
  const batch = makeReceiveBatch(shim.layout, SLOTS, STRIDE);

  function take(count: number, listener: NoticeListener): void {
    for (let i = 0; i < count; i++) {
      if (isTruncated(shim, batch, i)) listener.onLost();
      else listener.onMessages(readMessages(messageBytes(shim.layout, batch, i)));
    }
  }

  function drain(listener: NoticeListener): void {
    for (let turn = 0; turn < MOST_BATCHES; turn++) {
      const count = shim.receive(fd, batch);
      if (count === Errno.noBuffers) listener.onLost();
      else if (count <= 0) return;
      else take(count, listener);
    }
  }

  return {
    listen: (listener) => void shim.watch(fd, () => drain(listener)),
    close: () => shim.close(fd),
  };
}
