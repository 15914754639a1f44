// A netlink socket that joins multicast groups, on which the kernel reports events without a request. See netlink(7).

import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import type { ReceiveBatch, Shim } from "../../native-shim/shim.ts";
import { type Message, readMessages } from "../netlink/message.ts";
import { Errno } from "./errno.ts";
import { isTruncated } from "./netlink-socket.ts";
import { enlargeReceiveBuffer } from "./receive-buffer.ts";
import { intOption, netlinkAddress } from "./socket-address.ts";
import { AF_NETLINK, NETLINK_ADD_MEMBERSHIP, SOCK_RAW, SOL_NETLINK } from "./socket-constants.ts";

export interface NetlinkListener {
  /** Receives the messages of one datagram, in the order of the kernel. They are valid until `onMessages` returns. */
  onMessages(messages: readonly Message[]): void;
  /** Called if messages were lost: the buffer was full, or a message did not fit its slot. Request the state again. */
  onLost(): void;
  /** Called at the end of each read, before the memory of the messages is reused. */
  onRead?(): void;
}

export interface NetlinkGroups {
  /** Joins another group, by number. Throws ShimError. */
  join(group: number): void;
  /** Starts to receive. Messages that arrived before are waiting in the socket. */
  listen(listener: NetlinkListener): void;
  close(): void;
}

export interface NetlinkGroupsOptions {
  /** Numbers of the groups to join. These are not bits, because groups above 32 have no bit. */
  readonly groups?: readonly number[];
  /** Path of a network namespace, such as /proc/1/ns/net. Default: the namespace of the agent. */
  readonly namespace?: string;
  /** A filter, as an array of struct sock_filter. Offset 0 is the struct nlmsghdr of the message. */
  readonly filter?: Uint8Array;
  /** Size of the socket's receive buffer in bytes. Default: net.core.rmem_default. */
  readonly bufferBytes?: number;
  /** Longest message in bytes, and messages read with one system call. Default: 16 KiB, 4. */
  readonly stride?: number;
  readonly slots?: number;
}

const STRIDE = 16 * 1024;
const SLOTS = 4;
/** Batches to read before other sockets have their turn. The shim calls again for the remaining messages. */
const MOST_BATCHES = 16;

/**
 * Opens a socket of `protocol`, a NETLINK_* number, and joins groups. Closes the socket and throws ShimError on
 * failure.
 */
export function openNetlinkGroups(shim: Shim, protocol: number, options: NetlinkGroupsOptions = {}): NetlinkGroups {
  const { groups = [], namespace, filter, bufferBytes, stride = STRIDE, slots = SLOTS } = options;
  const fd = shim.socket(AF_NETLINK, SOCK_RAW, protocol, namespace);
  const open = new OpenGroups(shim, fd, makeReceiveBatch(shim.layout, slots, stride));
  try {
    if (bufferBytes !== undefined) enlargeReceiveBuffer(shim, fd, bufferBytes);
    // The filter is attached before joining, so that it applies to every message.
    if (filter !== undefined) shim.attachFilter(fd, filter);
    shim.bind(fd, netlinkAddress());
    for (const group of groups) open.join(group);
  } catch (error) {
    open.close();
    throw error;
  }
  return open;
}

class OpenGroups implements NetlinkGroups {
  readonly #shim: Shim;
  readonly #fd: number;
  readonly #batch: ReceiveBatch;

  constructor(shim: Shim, fd: number, batch: ReceiveBatch) {
    this.#shim = shim;
    this.#fd = fd;
    this.#batch = batch;
  }

  join(group: number): void {
    this.#shim.setOption(this.#fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, intOption(group));
  }

  listen(listener: NetlinkListener): void {
    this.#shim.watch(this.#fd, () => this.#drain(listener));
  }

  close(): void {
    this.#shim.close(this.#fd);
  }

  #drain(listener: NetlinkListener): void {
    for (let turn = 0; turn < MOST_BATCHES; turn++) {
      const count = this.#shim.receive(this.#fd, this.#batch);
      if (count === Errno.noBuffers) listener.onLost();
      else if (count <= 0) return;
      else this.#take(count, listener);
      listener.onRead?.();
    }
  }

  #take(count: number, listener: NetlinkListener): void {
    for (let i = 0; i < count; i++) {
      if (isTruncated(this.#shim, this.#batch, i)) listener.onLost();
      else listener.onMessages(readMessages(messageBytes(this.#shim.layout, this.#batch, i)));
    }
  }
}
