// UDP segmentation offload: many datagrams of one length as one message, which the kernel splits when it sends.
// See udp(7), UDP_SEGMENT.

import { constants } from "node:os";
import { errnoName } from "../../../native-shim/errno.ts";
import type { Shim } from "../../../native-shim/shim.ts";
import type { DatagramBatch } from "../../sflow/collector.ts";
import { IPPROTO_UDP, UDP_SEGMENT } from "../../sockets/socket-constants.ts";

/** Shorter runs are sent one datagram at a time: they gain little. */
const SHORTEST_RUN = 32;
/** Limits of the kernel: UDP_MAX_SEGMENTS, and the payload of one IPv4 packet. */
const MOST_SEGMENTS = 64;
const MOST_BYTES = 65_507;

/** Errors of a kernel or an interface that does not segment, or of a route whose MTU is smaller than a segment. */
const UNABLE: ReadonlySet<string> = new Set(["EINVAL", "EIO", "EMSGSIZE", "ENOPROTOOPT", "ENOTSUP"]);

/** Segmentation on one socket. Gives up for good on the first error of the kernel that is about segments. */
export class Segments {
  readonly #sockets: Pick<Shim, "send" | "setOption">;
  readonly #fd: number;
  readonly #offsets = new Uint32Array(MOST_SEGMENTS);
  readonly #lengths = new Uint32Array(MOST_SEGMENTS);
  /** The value of the option, as a number and as bytes. */
  readonly #size = new Int32Array(1);
  readonly #sizeBytes = new Uint8Array(this.#size.buffer);
  #supported = true;

  constructor(sockets: Pick<Shim, "send" | "setOption">, fd: number) {
    this.#sockets = sockets;
    this.#fd = fd;
  }

  /**
   * Sends datagrams from `first` on. Returns how many the kernel took; 0 means: send them one by one. Errors are not
   * reported in another way: what makes the kernel refuse a long message (an old kernel, a small MTU, encryption) does
   * not make it refuse a single datagram.
   */
  send(datagrams: DatagramBatch, first: number, to: Uint8Array): number {
    const run = this.#supported ? runLength(datagrams, first) : 0;
    if (run < SHORTEST_RUN) return 0;
    const length = datagrams.lengths[first] as number;
    const each = Math.min(MOST_SEGMENTS, Math.floor(MOST_BYTES / length));
    const messages = Math.ceil(run / each);
    for (let i = 0; i < messages; i++) {
      this.#offsets[i] = datagrams.offsets[first + i * each] as number;
      this.#lengths[i] = Math.min(each, run - i * each) * length;
    }
    const taken = this.#sendSegmented(datagrams.bytes, length, messages, to);
    if (taken < 0) this.#supported = !UNABLE.has(errnoName(taken));
    return Math.min(run, Math.max(0, taken) * each);
  }

  /** Sets the option for this call only, so that other messages on the socket are not split. */
  #sendSegmented(bytes: Uint8Array, length: number, messages: number, to: Uint8Array): number {
    if (!this.#setSegmentSize(length)) return -constants.errno.ENOPROTOOPT;
    const taken = this.#sockets.send(this.#fd, bytes, this.#offsets, this.#lengths, 0, messages, to);
    this.#setSegmentSize(0);
    return taken;
  }

  #setSegmentSize(length: number): boolean {
    try {
      this.#size[0] = length;
      this.#sockets.setOption(this.#fd, IPPROTO_UDP, UDP_SEGMENT, this.#sizeBytes);
      return true;
    } catch {
      return false;
    }
  }
}

/** Counts the datagrams from `first` on that have one length and follow each other in the buffer. */
function runLength({ lengths, offsets, count }: DatagramBatch, first: number): number {
  const length = lengths[first] as number;
  let end = first + 1;
  while (end < count && lengths[end] === length && offsets[end] === (offsets[end - 1] as number) + length) end++;
  return end - first;
}
