// Decodes the datagrams in a text: datagrams themselves, packets with their headers, or a whole capture.

import { TextDecoder } from "node:util";
import { captureReader } from "../../capture/capture-file.ts";
import { makeSoftwarePacket } from "../../capture/software-tap.ts";
import { CaptureInput, finishPackets } from "./capture-input.ts";
import { CapturedDatagrams } from "./captured.ts";
import { HexText } from "./hex/text.ts";
import { linkOf, udpPayload } from "./packet-bytes.ts";
import type { DatagramSink } from "./session.ts";
import { beginsDatagram, splitDatagrams } from "./split-datagrams.ts";

const ORIGIN = { source: undefined, seconds: undefined, microseconds: undefined };
const NOTHING = "not a pcap file, a datagram or hex digits";
/** Longest line in characters. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

export class HexInput {
  readonly #port: number;
  readonly #session: DatagramSink;
  readonly #datagrams: CapturedDatagrams;
  readonly #text: HexText;
  readonly #decoder: TextDecoder;
  /** The beginning of a line whose end has not arrived. */
  #rest = "";
  #hasBytes = false;

  constructor(head: Uint8Array, port: number, session: DatagramSink) {
    this.#port = port;
    this.#session = session;
    this.#datagrams = new CapturedDatagrams(port, (...found) => session.take(...found));
    this.#text = new HexText(
      (bytes) => this.#take(inOrder(bytes)),
      (problem) => session.report(problem),
    );
    this.#decoder = new TextDecoder(encodingOf(head));
  }

  push(piece: Uint8Array): void {
    this.#read(this.#decoder.decode(piece, { stream: true }));
  }

  /** Returns the message if there was no datagram. */
  end(): string {
    this.#read(`${this.#decoder.decode()}\n`);
    this.#text.finish();
    const nothing = finishPackets(this.#datagrams, this.#port, this.#session);
    return this.#hasBytes ? nothing : NOTHING;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    if (text.includes("\0") || this.#rest.length > MOST_CHARACTERS) throw new Error(NOTHING);
    for (const line of lines) this.#text.line(line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  #take(bytes: Uint8Array): void {
    this.#hasBytes = true;
    const reader = captureReader(bytes);
    if (reader !== undefined) {
      const capture = new CaptureInput(reader, this.#port, this.#session);
      capture.push(bytes);
      capture.end();
      return;
    }
    const link = beginsDatagram(bytes, 0) ? undefined : linkOf(bytes, this.#port);
    if (link !== undefined) {
      const packet = { ...makeSoftwarePacket(bytes), captured: bytes.length, wire: bytes.length };
      this.#datagrams.put(packet, link);
      return;
    }
    for (const datagram of splitDatagrams(udpPayload(bytes, this.#port) ?? bytes)) this.#session.take(datagram, ORIGIN);
  }
}

/** Windows writes texts in UTF-16, with a mark of the byte order or without. */
function encodingOf([first, second, third, fourth]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (second === 0 && fourth === 0) return "utf-16le";
  return first === 0 && third === 0 ? "utf-16be" : "utf-8";
}

/** Puts the bytes in order if hexdump or od printed them as words of a little-endian machine. */
function inOrder(bytes: Uint8Array): Uint8Array {
  const start = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  const buffer = Buffer.from(bytes);
  if (/^000005000000..00$/.test(start) && bytes.length % 2 === 0) return new Uint8Array(buffer.swap16());
  if (/^05000000..000000$/.test(start) && bytes.length % 4 === 0) return new Uint8Array(buffer.swap32());
  return bytes;
}
