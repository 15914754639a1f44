// Decodes datagrams in binary, one behind the other.

import { ByteQueue } from "../../capture/byte-queue.ts";
import type { DatagramSink } from "./session.ts";
import { beginsDatagram, endOfDatagram } from "./split-datagrams.ts";

/** More bytes without a second datagram among them are something else. */
const MOST_BYTES = 1024 * 1024;
const ORIGIN = { source: undefined, seconds: undefined, microseconds: undefined };

export class RawInput {
  readonly #queue = new ByteQueue();
  readonly #session: DatagramSink;

  constructor(session: DatagramSink) {
    this.#session = session;
  }

  push(piece: Uint8Array): void {
    this.#queue.push(piece);
    while (this.#takeFirst());
    if (this.#queue.left > MOST_BYTES) throw new Error("not a pcap file, a datagram or hex digits");
  }

  end(): string {
    const { rest } = this.#queue;
    if (rest.length > 0) this.#session.take(rest, ORIGIN);
    return "empty";
  }

  /** Takes the first datagram if another one follows. The last one keeps everything behind it. */
  #takeFirst(): boolean {
    const { rest } = this.#queue;
    const end = beginsDatagram(rest, 0) ? endOfDatagram(rest, 0) : undefined;
    if (end === undefined || !beginsDatagram(rest, end)) return false;
    this.#session.take(rest.subarray(0, end), ORIGIN);
    this.#queue.take(end);
    return true;
  }
}
