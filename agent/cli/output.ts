// Standard output and standard error of a command: the only way for its text to leave the process.

import { once } from "node:events";
import type { Printable } from "../text/printable.ts";
import type { PrintableBytes } from "../text/printable-buffer.ts";

/** Columns of a line if neither the terminal nor COLUMNS has a number. */
const USUAL_WIDTH = 80;

/** Returns the columns of the terminal, or of COLUMNS if standard output is no terminal. */
export function outputWidth(): number {
  const width = process.stdout.columns || Number(process.env["COLUMNS"]);
  return Number.isInteger(width) && width > 0 ? width : USUAL_WIDTH;
}

/** Returns the columns of the terminal; Infinity if standard output is none, because scripts read whole lines. */
export const terminalWidth = (): number => (process.stdout.isTTY ? outputWidth() : Number.POSITIVE_INFINITY);

/** Tells whether to use colours. See no-color.org, and terminfo(5) for `dumb`. */
export const hasColour = (): boolean =>
  process.stdout.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";

export function print(text: Printable): void {
  process.stdout.write(text);
}

/** Standard output of a command that prints more than memory could hold while its reader is slow. */
export class PacedOutput {
  #behind: Promise<void> | undefined;

  /** Undefined if the reader keeps up, else a promise for when it has caught up or is gone. */
  get behind(): Promise<void> | undefined {
    return this.#behind;
  }

  write(chunk: PrintableBytes): void {
    if (process.stdout.write(chunk) || this.#behind !== undefined) return;
    const end = (): void => {
      this.#behind = undefined;
    };
    this.#behind = once(process.stdout, "drain").then(end, end);
  }
}

export function complain(text: Printable): void {
  process.stderr.write(text);
}
