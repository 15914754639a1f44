// Prints pairs as lines of `key value`, as sflowtool does.

import { showAddress } from "../../sflow/address.ts";
import type { PrintableBuffer } from "../../text/printable-buffer.ts";
import { Pairs } from "./pairs.ts";

export class TextPairs extends Pairs {
  readonly flat = true;
  readonly #out: PrintableBuffer;

  constructor(out: PrintableBuffer, withNames: boolean) {
    super(withNames);
    this.#out = out;
  }

  unknown(key: string, text: string): void {
    this.word(key, text);
  }

  word(key: string, value: string): void {
    this.#start(key);
    this.#out.text(value);
    this.#out.endLine();
  }

  list(): void {}

  json(): void {}

  protected putNumber(key: string, value: number | bigint): void {
    this.#start(key);
    this.#out.integer(value);
    this.#out.endLine();
  }

  protected putFloat(key: string, value: number, decimals: number): void {
    this.word(key, Number.isFinite(value) ? value.toFixed(decimals) : String(value));
  }

  protected putHex(key: string, bytes: Uint8Array, at: number, length: number): void {
    this.#start(key);
    this.#out.hex(bytes, at, at + length);
    this.#out.endLine();
  }

  protected putDashed(key: string, bytes: Uint8Array, at: number, length: number): void {
    this.#start(key);
    this.#out.dashed(bytes, at, at + length);
    this.#out.endLine();
  }

  protected putAddress(key: string, bytes: Uint8Array, at: number, length: number): void {
    if (length !== 4) {
      this.word(key, showAddress(bytes.subarray(at, at + length)));
      return;
    }
    this.#start(key);
    for (let i = at; i < at + 4; i++) {
      if (i > at) this.#out.text(".");
      this.#out.integer(bytes[i] as number);
    }
    this.#out.endLine();
  }

  startDatagram(): void {
    this.#out.text("startDatagram =================================");
    this.#out.endLine();
  }

  startSample(): void {
    this.#out.text("startSample ----------------------");
    this.#out.endLine();
  }

  startRecord(): void {}

  endRecord(): void {}

  endSample(): void {
    this.#out.text("endSample   ----------------------");
    this.#out.endLine();
  }

  endDatagram(): void {
    this.#out.text("endDatagram   =================================");
    this.#out.endLine();
  }

  #start(key: string): void {
    if (this.prefix !== "") this.#out.text(this.prefix);
    this.#out.text(key);
    this.#out.text(" ");
  }
}
