// Bytes as a list in brackets: an array of C, Go or Rust, a list of Python or JSON, in hex or in decimal.

import { withoutComments } from "./comments.ts";

/** The text behind the last opening bracket, and the rest of the line from a closing one on. */
const OPENED = /^.*[{[(]([^{}[\]()]*)([}\])].*)?$/;
const CONTINUED = /^([^{}[\]()]*)([}\])].*)?$/;
const TOKEN = /^(?:0x[0-9a-f]{1,2}|-?[0-9a-f]{1,3})(?:u8)?$/i;
/** A shorter list is not a datagram: it is an index or a length in a text. */
const LEAST_BYTES = 28;

export class HexList {
  readonly #tokens: string[] = [];
  #isClosed = false;

  static begin(line: string): HexList | undefined {
    const list = new HexList();
    return list.#read(OPENED.exec(withoutComments(line))) ? list : undefined;
  }

  /** Adds a line. Returns false if the line does not continue the list. */
  accept(line: string): boolean {
    return !this.#isClosed && this.#read(CONTINUED.exec(withoutComments(line)));
  }

  /** Returns the bytes; none if the list is too short for a datagram. */
  bytes(): Uint8Array[] | undefined {
    if (this.#tokens.length < LEAST_BYTES) return [];
    const base = isDecimal(this.#tokens) ? 10 : 16;
    const numbers = this.#tokens.map((token) => Number.parseInt(token.replace(/u8$/i, ""), base));
    return numbers.every((number) => number >= -128 && number < 256) ? [Uint8Array.from(numbers)] : undefined;
  }

  #read(match: RegExpExecArray | null): boolean {
    if (match === null) return false;
    const [, content = "", closing] = match;
    const tokens = content.split(/[\s,;]+/).filter(Boolean);
    if (!tokens.every((token) => TOKEN.test(token))) return false;
    this.#tokens.push(...tokens);
    this.#isClosed = closing !== undefined;
    return true;
  }
}

/** Numbers are in decimal if no letter shows that they are not, and if they are not all of two digits, as in hex. */
const isDecimal = (tokens: readonly string[]): boolean =>
  !tokens.some((token) => /[a-fx]/i.test(token)) && !tokens.every((token) => /^\d\d$/.test(token));
