// Hex digits without offsets: wrapped or in one line, in pairs or words, with spaces, commas, dashes or colons between.

import { beginsDatagram, endOfDatagram } from "../split-datagrams.ts";
import { withoutComments } from "./comments.ts";

/** What may be between digits, and the prefixes of a byte or of a line. A backslash may also end a line. */
const SEPARATOR = /[\s,:;-]|0x|\\x|\\$/gi;
const SINGLE_DIGIT = /\b0x([0-9a-f])\b/gi;
const DIGITS = /^[0-9a-f]*$/i;
const VERSION = "00000005";
/** Shorter digits that do not begin as a version does are a number in a text. */
const LEAST_DIGITS = 56;
/** Longest paragraph in digits. */
const MOST_DIGITS = 64 * 1024 * 1024;

/** A paragraph of digits. */
export class HexDigits {
  #lines: string[] = [];
  #length = 0;

  static begin(line: string): HexDigits | undefined {
    const digits = new HexDigits();
    return digits.accept(line) ? digits : undefined;
  }

  /** Adds a line. Returns false if the line is blank, not hex digits, or begins another datagram. */
  accept(line: string): boolean {
    if (line.trim() === "") return false;
    const digits = firstValue(withoutComments(line)).replace(SINGLE_DIGIT, "0$1").replace(SEPARATOR, "");
    if (!DIGITS.test(digits) || this.#length > MOST_DIGITS) return false;
    if (digits === "") return true;
    const [first] = this.#lines;
    if (first !== undefined && this.#lines.length === 1 && digits.startsWith(VERSION) && isWhole(first)) return false;
    this.#lines.push(digits);
    this.#length += digits.length;
    return true;
  }

  /** Returns the bytes: of each line if all begin with version 5, or else of the paragraph. */
  bytes(): Uint8Array[] | undefined {
    const all = this.#lines.every((line) => line.startsWith(VERSION)) ? this.#lines : [this.#lines.join("")];
    return all.every((digits) => digits.length % 2 === 0) ? all.map(bytesOf) : undefined;
  }

  /** True if the digits may be a datagram or a packet. */
  get isPlausible(): boolean {
    return this.#length >= LEAST_DIGITS || this.#lines[0]?.startsWith("000000") === true;
  }
}

/**
 * Returns the first of several values of a field that tshark printed with commas between, if it is a whole datagram.
 * The others are payloads of the packets that were sampled.
 */
function firstValue(line: string): string {
  const [first = "", ...others] = line.split(",");
  return others.length > 0 && first.startsWith(VERSION) && isWhole(first) ? first : line;
}

const bytesOf = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));

function isWhole(digits: string): boolean {
  const bytes = bytesOf(digits);
  return beginsDatagram(bytes, 0) && endOfDatagram(bytes, 0) === bytes.length;
}
