// Many datagrams of one length as one message, which the kernel cuts up on its way out. udp(7) UDP_SEGMENT

import { constants } from "node:os";
import { errnoName } from "../../../native-shim/errno.ts";
import type { Shim } from "../../../native-shim/shim.ts";
import type { DatagramBatch } from "../../sflow/collector.ts";
import { IPPROTO_UDP, UDP_SEGMENT } from "../../sockets/socket-constants.ts";
import { isFull } from "./refusal.ts";

/**
 * Fewer are sent one by one. Where nothing cuts them up before a capture sees them, as on a loopback, tcpdump shows a
 * message whole and decodes its first datagram only: so many in one batch are thousands of samples a second, which
 * nobody reads there.
 */
const LEAST = 32;
/** What the kernel takes: UDP_MAX_SEGMENTS, and the payload of one packet of IPv4. */
const MOST = 64;
const MOST_BYTES = 65_507;

/** Of one socket: what it cannot do is tried once. */
export class Segments {
  readonly #sockets: Pick<Shim, "send" | "setOption">;
  readonly #fd: number;
  readonly #offsets = new Uint32Array(MOST);
  readonly #lengths = new Uint32Array(MOST);
  /** The value of the option, as a number and as the kernel takes it. */
  readonly #size = new Int32Array(1);
  readonly #sizeBytes = new Uint8Array(this.#size.buffer);
  #possible = true;

  constructor(sockets: Pick<Shim, "send" | "setOption">, fd: number) {
    this.#sockets = sockets;
    this.#fd = fd;
  }

  /**
   * Sends datagrams from `first` on; how many the kernel took, 0 where they are to be sent one by one. Errors are told
   * by that only: what a long message is refused for, an old kernel, a narrow path or encryption, one datagram is not.
   */
  send(datagrams: DatagramBatch, first: number, to: Uint8Array): number {
    const run = this.#possible ? runFrom(datagrams, first) : 0;
    if (run < LEAST) return 0;
    const length = datagrams.lengths[first] as number;
    const each = Math.min(MOST, Math.floor(MOST_BYTES / length));
    const messages = Math.ceil(run / each);
    for (let i = 0; i < messages; i++) {
      this.#offsets[i] = datagrams.offsets[first + i * each] as number;
      this.#lengths[i] = Math.min(each, run - i * each) * length;
    }
    const taken = this.#sendCut(datagrams.bytes, length, messages, to);
    if (taken < 0) this.#possible = isFull(errnoName(taken));
    return Math.min(run, Math.max(0, taken) * each);
  }

  /** The option holds for this call only: whatever else leaves the socket stays as long as it is. */
  #sendCut(bytes: Uint8Array, length: number, messages: number, to: Uint8Array): number {
    if (!this.#cutAt(length)) return -constants.errno.ENOPROTOOPT;
    const taken = this.#sockets.send(this.#fd, bytes, this.#offsets, this.#lengths, 0, messages, to);
    this.#cutAt(0);
    return taken;
  }

  #cutAt(length: number): boolean {
    try {
      this.#size[0] = length;
      this.#sockets.setOption(this.#fd, IPPROTO_UDP, UDP_SEGMENT, this.#sizeBytes);
      return true;
    } catch {
      return false;
    }
  }
}

/** How many datagrams from `first` on have one length and lie behind one another. */
function runFrom({ lengths, offsets, count }: DatagramBatch, first: number): number {
  const length = lengths[first] as number;
  let end = first + 1;
  while (end < count && lengths[end] === length && offsets[end] === (offsets[end - 1] as number) + length) end++;
  return end - first;
}
