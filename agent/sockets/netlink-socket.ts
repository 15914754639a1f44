// A netlink socket that sends requests to the kernel and reads the answers synchronously. See netlink(7).

import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import type { ReceiveBatch, Shim } from "../../native-shim/shim.ts";
import { errnoOf, type Message, MessageFlag, readMessages } from "../netlink/message.ts";
import { Errno } from "./errno.ts";
import { AF_NETLINK, SOCK_RAW } from "./socket-constants.ts";

/** Stops after each part of an answer, and returns what `ask` returns. */
export type Asking = Generator<undefined, number, undefined>;

export interface NetlinkSocket {
  /**
   * Sends a request and calls `onMessage` for each answer before it returns. The kernel answers during the system
   * calls, so this never waits, except for a lock of the kernel that another process may hold for some milliseconds. A
   * request that is not a dump needs the acknowledge flag, because the acknowledgement ends the answer. Returns 0, or a
   * negative errno. Errno.again: the answer is incomplete, and the next one may be complete. A message is valid until
   * `onMessage` returns. `onMessage` must not call `ask`.
   *
   * If `onMessage` returns false, the rest of the answer is not read, and the result is 0. Then the socket can only be
   * closed.
   */
  ask(request: (sequence: number) => Uint8Array, onMessage: (message: Message) => unknown): number;
  /** Does the same in steps, for a long answer. The socket must not be asked before the last step. */
  asking(request: (sequence: number) => Uint8Array, onMessage: (message: Message) => unknown): Asking;
  close(): void;
}

export interface NetlinkSocketOptions {
  /** Path of a network namespace, such as /proc/1/ns/net. Default: the namespace of the agent. */
  readonly namespace?: string | undefined;
  /** Memory for answers, from `netlinkMemory`, to share between sockets that are opened often and closed soon. */
  readonly memory?: ReceiveBatch;
}

/** Size of the buffer: the kernel sends at most 32 KiB of a dump at a time, unless one message is longer. */
const STRIDE = 32 * 1024;
/** Size of the buffer after a longer message. An interface with hundreds of alternative names has 64 KiB of them. */
const LARGE_STRIDE = 256 * 1024;
const SLOTS = 2;

export const netlinkMemory = ({ layout }: Shim): ReceiveBatch => makeReceiveBatch(layout, SLOTS, STRIDE);

/** Opens a socket of `protocol`, a NETLINK_* number. Throws ShimError. */
export function openNetlinkSocket(shim: Shim, protocol: number, options: NetlinkSocketOptions = {}): NetlinkSocket {
  const fd = shim.socket(AF_NETLINK, SOCK_RAW, protocol, options.namespace);
  return new OpenSocket(shim, fd, options.memory ?? netlinkMemory(shim));
}

class OpenSocket implements NetlinkSocket {
  readonly #shim: Shim;
  readonly #fd: number;
  #memory: ReceiveBatch;
  readonly #offsets = new Uint32Array(1);
  readonly #lengths = new Uint32Array(1);
  #sequence = 0;

  constructor(shim: Shim, fd: number, memory: ReceiveBatch) {
    this.#shim = shim;
    this.#fd = fd;
    this.#memory = memory;
  }

  ask(request: (sequence: number) => Uint8Array, onMessage: (message: Message) => unknown): number {
    return lastOf(this.asking(request, onMessage));
  }

  *asking(request: (sequence: number) => Uint8Array, onMessage: (message: Message) => unknown): Asking {
    this.#sequence = (this.#sequence + 1) >>> 0;
    const bytes = request(this.#sequence);
    this.#lengths[0] = bytes.length;
    const sent = this.#shim.send(this.#fd, bytes, this.#offsets, this.#lengths, 0, 1);
    return sent < 0 ? sent : yield* this.#receive(onMessage);
  }

  close(): void {
    this.#shim.close(this.#fd);
  }

  /** Reads to the end of the answer also after a truncated message, because a socket runs only one dump at a time. */
  *#receive(onMessage: (message: Message) => unknown): Asking {
    let truncated = false;
    for (;;) {
      const count = this.#shim.receive(this.#fd, this.#memory);
      if (count <= 0) return count === 0 ? Errno.protocol : count;
      for (let i = 0; i < count; i++) {
        truncated ||= isTruncated(this.#shim, this.#memory, i);
        const end = this.#handOver(messageBytes(this.#shim.layout, this.#memory, i), onMessage);
        if (end !== undefined) return truncated ? this.#enlarge() : end;
      }
      yield;
    }
  }

  #enlarge(): number {
    if (this.#memory.stride >= LARGE_STRIDE) return Errno.messageSize;
    this.#memory = makeReceiveBatch(this.#shim.layout, SLOTS, LARGE_STRIDE);
    return Errno.again;
  }

  /** Returns the result if the answer ends here. Skips answers to an earlier request that failed. */
  #handOver(bytes: Uint8Array, onMessage: (message: Message) => unknown): number | undefined {
    for (const message of readMessages(bytes)) {
      if (message.sequence !== this.#sequence) continue;
      const errno = errnoOf(message);
      if (errno === undefined) {
        if (onMessage(message) === false) return 0;
      } else if (errno === 0 && (message.flags & MessageFlag.interrupted) !== 0) return Errno.again;
      else return 0 - errno;
    }
    return undefined;
  }
}

/** Takes all steps at once. */
export function lastOf(steps: Asking): number {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Tells whether a message did not fit its slot of the batch. */
export const isTruncated = ({ layout }: Shim, batch: ReceiveBatch, index: number): boolean =>
  ((batch.words[index * layout.slotWords + layout.flags] ?? 0) & layout.truncated) !== 0;
