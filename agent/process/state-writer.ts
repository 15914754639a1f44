// Writes the sequence numbers of a running agent to its state file, line by line in place.

import { closeSync, ftruncateSync, writeSync } from "node:fs";
import { messageOf } from "../log/message-of.ts";
import type { Numbering, Numberings } from "../sflow/numbers.ts";
import { LINE, lineOf, padded, putNumbers } from "./state-line.ts";

/** The contents of one line of the file. */
interface Written {
  readonly numbering: Numbering;
  readonly subject: string;
  readonly line: Buffer;
  sequence: number;
}

/**
 * Writes the sequence numbers to the state file, synchronously: one line takes about a microsecond while the file is in
 * the page cache.
 */
export class StateWriter {
  readonly #fd: number;
  readonly #uptime: () => number;
  readonly #onFailure: (reason: string) => void;
  readonly #written: (Written | undefined)[] = [];
  #open = true;

  /** Takes over `fd`, which is open for writing, and closes it at the end. `uptime` returns seconds. */
  constructor(fd: number, uptime: () => number, onFailure: (reason: string) => void) {
    this.#fd = fd;
    this.#uptime = uptime;
    this.#onFailure = onFailure;
  }

  /** Writes the lines that have changed. */
  keep(numberings: Numberings): void {
    this.#write(numberings, false);
  }

  /** Writes all lines with the present time, because their age counts from the end of the process. */
  close(numberings: Numberings): void {
    this.#write(numberings, true);
    if (this.#open) this.#end();
  }

  #write(numberings: Numberings, all: boolean): void {
    if (!this.#open) return;
    try {
      numberings.forEach((numbering, place) => {
        if (all || !this.#isWritten(place, numbering)) this.#writePlace(place, numbering);
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #isWritten(place: number, numbering: Numbering | undefined): boolean {
    const last = this.#written[place];
    if (last === undefined || numbering === undefined) return last?.numbering === numbering;
    return last.numbering === numbering && last.sequence === numbering.sequence && last.subject === numbering.subject;
  }

  #writePlace(place: number, numbering: Numbering | undefined): void {
    const last = this.#written[place];
    if (numbering === undefined) {
      this.#writeLine(place, padded(""));
      this.#written[place] = undefined;
    } else if (last?.numbering === numbering && last.subject === numbering.subject) {
      putNumbers(last.line, numbering, this.#uptime());
      this.#writeLine(place, last.line);
      last.sequence = numbering.sequence;
    } else {
      const { subject, sequence } = numbering;
      const line = lineOf(numbering, this.#uptime());
      this.#writeLine(place, line);
      this.#written[place] = { numbering, subject, line, sequence };
    }
  }

  #writeLine(place: number, line: Buffer): void {
    writeSync(this.#fd, line, 0, LINE, LINE * (place + 1));
  }

  /** Empties the file, which works on a full disk too, so that a later process does not reuse old numbers. */
  #fail(error: unknown): void {
    try {
      ftruncateSync(this.#fd);
    } catch {
      // The old lines are ignored later because of their age.
    }
    this.#end();
    this.#onFailure(messageOf(error));
  }

  #end(): void {
    this.#open = false;
    closeSync(this.#fd);
  }
}
