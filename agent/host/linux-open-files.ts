// Files of /proc and of cgroups that stay open between readings.

import { closeSync, openSync, readSync } from "node:fs";
import type { Files, OpenFile } from "./host.ts";
import type { Descriptors, Kept } from "./linux-descriptors.ts";

/** Makes a call for a path; returns undefined after an error. */
export type Attempt = <T>(path: string, call: () => T) => T | undefined;

export interface OpenParts {
  /** Returns the path of this machine for a path below the root. */
  readonly below: (path: string) => string;
  readonly attempt: Attempt;
  readonly descriptors: Descriptors;
}

/** Size of the buffer at the start. Almost every file is shorter. */
const BUFFER_BYTES = 16_384;

/**
 * Returns a reader of whole files of /proc and of cgroups. Their length is not known before, and a read(2) returns at
 * most one page of whole lines, however large the buffer is. So only a read(2) of 0 bytes is the end of a file.
 */
function makeReadWhole(): (fd: number) => string {
  let buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  return (fd) => {
    for (let at = 0; ; ) {
      const count = readSync(fd, buffer, at, buffer.length - at, at);
      if (count === 0) return buffer.toString("utf8", 0, at);
      at += count;
      if (at === buffer.length) buffer = Buffer.concat([buffer], 2 * at);
    }
  };
}

type ReadWhole = (fd: number) => string;

/** A file that stays open between readings, unless few descriptors are left. */
class KeptFile implements OpenFile, Kept {
  readonly #path: string;
  readonly #parts: OpenParts;
  readonly #readWhole: ReadWhole;
  #fd: number | undefined;

  constructor(path: string, parts: OpenParts, readWhole: ReadWhole) {
    this.#path = path;
    this.#parts = parts;
    this.#readWhole = readWhole;
  }

  read(): string | undefined {
    const fd = this.#fd;
    return this.#parts.attempt(this.#path, () => (fd === undefined ? this.#openAndRead() : this.#readWhole(fd)));
  }

  giveUp(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  close(): void {
    this.#parts.descriptors.release(this);
    this.giveUp();
  }

  #openAndRead(): string {
    const { below, descriptors } = this.#parts;
    return descriptors.brief(this.#path, () => {
      const fd = openSync(below(this.#path), "r");
      let keeps = false;
      try {
        const text = this.#readWhole(fd);
        keeps = descriptors.keep(fd, this, this.#path);
        return text;
      } finally {
        if (keeps) this.#fd = fd;
        else closeSync(fd);
      }
    });
  }
}

export function makeOpenFiles(parts: OpenParts): Pick<Files, "open" | "keep"> {
  const { below, attempt, descriptors } = parts;
  const readWhole = makeReadWhole();
  return {
    open(path) {
      const fd = attempt(path, () => descriptors.lasting(path, () => openSync(below(path), "r"), closeSync));
      if (fd === undefined) return undefined;
      return { read: () => attempt(path, () => readWhole(fd)), close: () => closeSync(fd) };
    },
    keep: (path) => new KeptFile(path, parts, readWhole),
  };
}
