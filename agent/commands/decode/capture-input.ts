// Decodes the datagrams of a capture file.

import type { CaptureReader } from "../../capture/capture-reader.ts";
import { CapturedDatagrams } from "./captured.ts";
import type { DatagramSink } from "./session.ts";

export class CaptureInput {
  readonly #reader: CaptureReader;
  readonly #port: number;
  readonly #session: DatagramSink;
  readonly #datagrams: CapturedDatagrams;
  #isDamaged = false;

  constructor(reader: CaptureReader, port: number, session: DatagramSink) {
    this.#reader = reader;
    this.#port = port;
    this.#session = session;
    this.#datagrams = new CapturedDatagrams(port, (...found) => session.take(...found));
  }

  /** Throws a CaptureFileError if the file is damaged. */
  push(piece: Uint8Array): void {
    const reader = this.#reader;
    reader.push(piece);
    this.#isDamaged = true;
    while (reader.next()) this.#datagrams.put(reader.packet, reader.packet.linkType);
    this.#isDamaged = false;
  }

  /** Reports what the end of the file lacks, if reading came to it. Returns the message if there was no datagram. */
  end(isStopped = false): string {
    const missing = this.#isDamaged || isStopped ? undefined : this.#reader.missing();
    if (missing !== undefined) this.#session.report(`the capture ends in mid-packet: ${missing}`);
    return finishPackets(this.#datagrams, this.#port, this.#session);
  }
}

/** Reports packets that could not be read. Returns the message if there was no datagram. */
export function finishPackets(datagrams: CapturedDatagrams, port: number, session: DatagramSink): string {
  const headless = datagrams.finish();
  for (const [reason, count] of datagrams.unread) session.remark(`${count} packets were not read: ${reason}`);
  if (headless > 0) session.remark(`${headless} packets lack their first fragment, so that their port is unknown`);
  return `no packet of UDP port ${port}: choose another port with --port`;
}
