// Standard output and standard error of a command: the only way for its text to leave the process.

import { once } from "node:events";
import type { Printable } from "../text/printable.ts";
import type { PrintableBytes } from "../text/printable-buffer.ts";

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
