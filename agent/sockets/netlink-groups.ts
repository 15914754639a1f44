// A netlink socket that listens to multicast groups: what the kernel reports without being asked. netlink(7).

import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import type { ReceiveBatch, Shim } from "../../native-shim/shim.ts";
import { type Message, readMessages } from "../netlink/message.ts";
import { Errno } from "./errno.ts";
import { isTruncated } from "./netlink-socket.ts";
import { enlargeReceiveBuffer } from "./receive-buffer.ts";
import { intOption, netlinkAddress } from "./socket-address.ts";
import { AF_NETLINK, NETLINK_ADD_MEMBERSHIP, SOCK_RAW, SOL_NETLINK } from "./socket-constants.ts";

export interface NetlinkListener {
  /** Receives the messages of one datagram in the kernel's order. They are valid until it returns. */
  onMessages(messages: readonly Message[]): void;
  /** Messages were lost: the socket's buffer was full, or one did not fit its slot. Ask for what they reported. */
  onLost(): void;
  /** Called at the end of each read, before the memory of its messages is used again. */
  onRead?(): void;
}

export interface NetlinkGroups {
  /** Joins one more group, by number. Throws ShimError. */
  join(group: number): void;
  /** Messages that came before wait in the socket. */
  listen(listener: NetlinkListener): void;
  close(): void;
}

export interface NetlinkGroupsOptions {
  /** Numbers of groups to join, not bits: groups above 32 have no bit. */
  readonly groups?: readonly number[];
  /** Path to a network namespace, such as /proc/1/ns/net. Default: the agent's own. */
  readonly namespace?: string;
  /** An array of struct sock_filter. It sees each message from its struct nlmsghdr on. */
  readonly filter?: Uint8Array;
  /** Size of the socket's receive buffer in bytes. Default: net.core.rmem_default. */
  readonly bufferBytes?: number;
  /** Longest message in bytes, and messages read with one system call. Default: 16 KiB, 4. */
  readonly stride?: number;
  readonly slots?: number;
}

const STRIDE = 16 * 1024;
const SLOTS = 4;
/** Batches read before other sockets have their turn. The shim calls again for the rest. */
const MOST_BATCHES = 16;

/** Opens a socket of `protocol`, a NETLINK_* number, and joins groups. Throws ShimError and leaves no socket open. */
export function openNetlinkGroups(shim: Shim, protocol: number, options: NetlinkGroupsOptions = {}): NetlinkGroups {
  const { groups = [], namespace, filter, bufferBytes, stride = STRIDE, slots = SLOTS } = options;
  const fd = shim.socket(AF_NETLINK, SOCK_RAW, protocol, namespace);
  const open = new OpenGroups(shim, fd, makeReceiveBatch(shim.layout, slots, stride));
  try {
    if (bufferBytes !== undefined) enlargeReceiveBuffer(shim, fd, bufferBytes);
    // The filter comes first, so that it sees every message.
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
