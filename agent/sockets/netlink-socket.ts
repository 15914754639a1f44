// The kernel's route family, asked and answered on the spot. rtnetlink(7), netlink(7).

import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import type { ReceiveBatch, Shim } from "../../native-shim/shim.ts";
import { errnoOf, type Message, MessageFlag, readMessages } from "../netlink/message.ts";
import { AF_NETLINK, NETLINK_ROUTE, SOCK_RAW } from "./socket-constants.ts";

export interface RouteSocket {
  /**
   * Sends a request and hands over its answers, all before it returns: the kernel answers inside the system calls and
   * nothing is waited for, but for a lock that others may hold for some milliseconds. 0, or a negative errno. A message
   * is valid until `onMessage` returns, which must not ask in turn.
   */
  ask(request: (sequence: number) => Uint8Array, onMessage: (message: Message) => void): number;
  close(): void;
}

/** The kernel fills at most 32 KiB of a dump at a time, however much room it is given. */
const STRIDE = 32 * 1024;
const SLOTS = 2;

/** Negative, as the shim has them. */
export const Errno = { again: -11, noDevice: -19, protocol: -71, messageSize: -90, noBuffers: -105 } as const;

/** Throws ShimError. */
export function openRouteSocket(shim: Shim): RouteSocket {
  const fd = shim.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  const batch = makeReceiveBatch(shim.layout, SLOTS, STRIDE);
  const offsets = new Uint32Array(1);
  const lengths = new Uint32Array(1);
  let sequence = 0;

  function ask(request: (sequence: number) => Uint8Array, onMessage: (message: Message) => void): number {
    sequence = (sequence + 1) >>> 0;
    const bytes = request(sequence);
    lengths[0] = bytes.length;
    const sent = shim.send(fd, bytes, offsets, lengths, 0, 1);
    return sent < 0 ? sent : receive(onMessage);
  }

  function receive(onMessage: (message: Message) => void): number {
    for (;;) {
      const count = shim.receive(fd, batch);
      if (count <= 0) return count === 0 ? Errno.protocol : count;
      for (let i = 0; i < count; i++) {
        if (isTruncated(shim, batch, i)) return Errno.messageSize;
        const end = handOver(messageBytes(shim.layout, batch, i), onMessage);
        if (end !== undefined) return end;
      }
    }
  }

  /** Answers to an earlier question that was given up have another number, and are passed over. */
  function handOver(bytes: Uint8Array, onMessage: (message: Message) => void): number | undefined {
    for (const message of readMessages(bytes)) {
      if (message.sequence !== sequence) continue;
      const errno = errnoOf(message);
      if (errno === undefined) onMessage(message);
      else if (errno === 0 && (message.flags & MessageFlag.interrupted) !== 0) return Errno.again;
      else return -errno;
    }
    return undefined;
  }

  return { ask, close: () => shim.close(fd) };
}

export const isTruncated = ({ layout }: Shim, batch: ReceiveBatch, index: number): boolean =>
  ((batch.words[index * layout.slotWords + layout.flags] ?? 0) & layout.truncated) !== 0;
