// Collects printable text as bytes, and passes it on in large chunks. For output of which there is too much to make a
// string of each line first.

import { printable } from "./printable.ts";

/** Bytes of printable text in UTF-8. Only this file makes them. */
export type PrintableBytes = Uint8Array & { readonly [PRINTABLE]: true };
declare const PRINTABLE: unique symbol;

const CHUNK = 1 << 16;
/** Most bytes that are written in hex at once. */
const RUN = CHUNK >>> 2;
/** Length up to which copying a text takes less time than a call of native code. */
const SHORT = 64;
const [LINE_FEED, SPACE, DASH, ZERO, TILDE] = [0x0a, 0x20, 0x2d, 0x30, 0x7e];

/** The two hex digits of each byte, as character codes. */
const digitsOf = (digits: string): Uint8Array =>
  Uint8Array.from({ length: 512 }, (_, i) => digits.charCodeAt(i % 2 === 0 ? i >>> 5 : (i >>> 1) & 15));

const LOWER = digitsOf("0123456789abcdef");
const UPPER = digitsOf("0123456789ABCDEF");

export class PrintableBuffer {
  readonly #write: (chunk: PrintableBytes) => void;
  #bytes = Buffer.allocUnsafe(CHUNK);
  #at = 0;

  /** `write` may keep the chunks. */
  constructor(write: (chunk: PrintableBytes) => void) {
    this.#write = write;
  }

  /** Passes on what was collected. */
  flush(): void {
    if (this.#at === 0) return;
    this.#write(this.#bytes.subarray(0, this.#at) as Uint8Array as PrintableBytes);
    this.#bytes = Buffer.allocUnsafe(CHUNK);
    this.#at = 0;
  }

  /** Appends a part of a line. Characters that act on a terminal are escaped. */
  text(text: string): void {
    if (text.length > SHORT) {
      this.#native(printable(text));
      return;
    }
    const bytes = this.#room(SHORT);
    let at = this.#at;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < SPACE || code > TILDE) {
        this.#native(printable(text));
        return;
      }
      bytes[at++] = code;
    }
    this.#at = at;
  }

  endLine(): void {
    this.#room(1)[this.#at++] = LINE_FEED;
  }

  /** Appends an integer in decimal digits. */
  integer(value: number | bigint): void {
    if (typeof value === "number" && value >= 0 && value <= 0xffff_ffff) this.#uint32(value);
    else this.text(String(value));
  }

  /** Appends bytes from `from` to `to` as `08004500`. */
  hex(value: Uint8Array, from: number, to: number): void {
    for (let start = from; start < to; start += RUN)
      this.#digits(value, start, Math.min(start + RUN, to), LOWER, false);
  }

  /** Appends bytes as `08-00-4F`. */
  dashed(value: Uint8Array, from: number, to: number): void {
    for (let start = from; start < to; start += RUN) this.#digits(value, start, Math.min(start + RUN, to), UPPER, true);
    if (to > from) this.#at--;
  }

  #digits(value: Uint8Array, from: number, to: number, digits: Uint8Array, dashes: boolean): void {
    const bytes = this.#room(3 * (to - from));
    let at = this.#at;
    for (let i = from; i < to; i++) {
      const digit = 2 * (value[i] as number);
      bytes[at++] = digits[digit] as number;
      bytes[at++] = digits[digit + 1] as number;
      if (dashes) bytes[at++] = DASH;
    }
    this.#at = at;
  }

  #uint32(value: number): void {
    const bytes = this.#room(10);
    let end = this.#at + 1;
    for (let limit = 10; value >= limit; limit *= 10) end++;
    this.#at = end;
    let rest = value;
    while (rest > 9) {
      const tens = Math.floor(rest / 10);
      bytes[--end] = ZERO + rest - 10 * tens;
      rest = tens;
    }
    bytes[--end] = ZERO + rest;
  }

  #native(text: string): void {
    const most = 3 * text.length;
    if (most <= CHUNK) {
      const bytes = this.#room(most);
      this.#at += bytes.write(text, this.#at);
    } else {
      this.flush();
      this.#write(Buffer.from(text) as Uint8Array as PrintableBytes);
    }
  }

  /** Returns the buffer, with room for so many bytes, at most CHUNK. */
  #room(length: number): Buffer {
    if (this.#at + length > CHUNK) this.flush();
    return this.#bytes;
  }
}
