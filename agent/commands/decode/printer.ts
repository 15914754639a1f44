// The core of `hsflowd decode`: turns the bytes of datagrams into text or JSON, without I/O.

import type { DecodeOptions } from "../../cli/parse-arguments.ts";
import type { Decoded } from "../../sflow/decode/values.ts";
import { decodeDatagram } from "../../sflow/decode.ts";
import { PrintableBuffer, type PrintableBytes } from "../../text/printable-buffer.ts";
import { type Origin, printDatagram } from "./datagram.ts";
import { JsonPairs } from "./json-pairs.ts";
import type { Pairs } from "./pairs.ts";
import { TextPairs } from "./text-pairs.ts";

export type Shape = Pick<DecodeOptions, "format" | "names">;

export class Printer {
  readonly #out: PrintableBuffer;
  readonly #pairs: Pairs;

  /** `write` takes the output in large chunks, which it may keep. */
  constructor({ format, names }: Shape, write: (chunk: PrintableBytes) => void) {
    this.#out = new PrintableBuffer(write);
    this.#pairs = format === "json" ? new JsonPairs(this.#out, names) : new TextPairs(this.#out, names);
  }

  /** Decodes and prints a datagram. Never throws. Of an invalid datagram, prints what comes before the error. */
  print(bytes: Uint8Array, origin: Origin): Decoded {
    const decoded = decodeDatagram(bytes);
    printDatagram(this.#pairs, decoded, bytes.length, origin);
    return decoded;
  }

  flush(): void {
    this.#out.flush();
  }
}
