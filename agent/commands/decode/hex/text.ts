// Finds bytes in a text, line by line: dumps, digits, lists and strings, as tools and languages print them.

import { HexDigits } from "./digits.ts";
import { HexList } from "./list.ts";
import { HexRows } from "./rows.ts";
import { HexStrings } from "./strings.ts";

/** Bytes that tshark has made of several packets or decrypted. The packets themselves are in the text too. */
const DERIVED = /^(?:Reassembled|Decrypted|Decompressed|Uncompressed)\b.*\bbytes\):\s*$/;

export class HexText {
  readonly #take: (bytes: Uint8Array) => void;
  readonly #report: (problem: string) => void;
  #block: HexRows | HexList | HexStrings | HexDigits | undefined;
  #lines = 0;
  /** The last line that is not part of bytes. */
  #label = "";

  /** Calls `take` for the bytes of each block, and `report` for hex digits that are incomplete. */
  constructor(take: (bytes: Uint8Array) => void, report: (problem: string) => void) {
    this.#take = take;
    this.#report = report;
  }

  line(line: string): void {
    this.#lines++;
    if (this.#block?.accept(line) === true) return;
    const isDigits = this.#block instanceof HexDigits && this.#block.isPlausible;
    this.finish();
    this.#block = HexRows.begin(line) ?? HexList.begin(line) ?? HexStrings.begin(line) ?? HexDigits.begin(line);
    if (this.#block !== undefined || line.trim() === "") return;
    this.#label = line;
    if (isDigits) this.#report(`line ${this.#lines}: not hex digits`);
  }

  /** Passes on the last block. */
  finish(): void {
    const block = this.#block;
    this.#block = undefined;
    const isDerived = block instanceof HexRows && DERIVED.test(this.#label);
    const isNumber = block instanceof HexDigits && !block.isPlausible;
    if (block === undefined) return;
    this.#label = "";
    const all = isDerived || isNumber ? [] : block.bytes();
    if (all === undefined) this.#report(`hex digits are incomplete before line ${this.#lines + 1}`);
    for (const bytes of all ?? []) if (bytes.length > 0) this.#take(bytes);
  }
}
