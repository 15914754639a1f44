// The file descriptors of this process. While few are left, files that were only kept open to save time are closed, so
// that sockets and other files can be opened. See getrlimit(2), RLIMIT_NOFILE.

import { closeSync, openSync, readFileSync } from "node:fs";
import { codeOf } from "./error-code.ts";
import { type Faults, FEW_LEFT } from "./faults.ts";

/** Descriptors that files kept open leave free. */
const FREE_OF_KEPT = 32;
/** Descriptors that all that stays open leaves free: for connections of Node's own, such as the control socket. */
const FREE = 8;
/** Files to close at a time. */
const AT_ONCE = 16;

/** Tells whether an error means that no descriptor is left, in this process or on this host. */
export const isShortage = (code: string | undefined): boolean => code === "EMFILE" || code === "ENFILE";

/** Returns the limit of open files; undefined if it cannot be read. */
function readLimit(): number | undefined {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

function openSpare(): number | undefined {
  try {
    return openSync("/dev/null", "r");
  } catch {
    // Tried again with the next file that is kept open.
    return undefined;
  }
}

/** A descriptor that can be closed and opened again. */
export interface Kept {
  giveUp(): void;
}

export class Descriptors {
  readonly #faults: Faults;
  readonly #kept = new Set<Kept>();
  readonly #readLimit: () => number | undefined;
  #limit: number;
  /** Closed for a moment when no other descriptor is left. */
  #spare: number | undefined;

  /** `limit` returns the limit of open files; undefined if it is unknown. */
  constructor(faults: Faults, limit = readLimit) {
    this.#faults = faults;
    this.#readLimit = limit;
    this.#limit = limit() ?? Number.POSITIVE_INFINITY;
  }

  /** Makes a call that leaves no descriptor open. `object` is what it reads. */
  brief<T>(object: string, call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (!isShortage(codeOf(error))) throw error;
      this.#noteFew(error, object);
      return this.#giveUp() ? this.brief(object, call) : this.#withSpare(object, call, error);
    }
  }

  /**
   * Opens a descriptor that stays open. Throws the error of the system, or EMFILE if too few would be left. Without
   * `close`, the descriptor is indispensable and takes the last ones.
   */
  lasting(object: string, open: () => number, close?: (fd: number) => void): number {
    for (;;) {
      try {
        return this.#leaveFree(object, open(), close);
      } catch (error) {
        if (!isShortage(codeOf(error))) throw error;
        if (this.#giveUp()) this.#noteFew(error, object);
        else return this.#refuse(error, object);
      }
    }
  }

  /** Tells whether a file that was just opened as `fd` may stay open. `giveUp` may be called from then on. */
  keep(fd: number, file: Kept, path: string): boolean {
    if (this.#isAmongLast(FREE_OF_KEPT, fd)) {
      this.#faults.note(FEW_LEFT, path);
      return false;
    }
    this.#spare ??= openSpare();
    this.#kept.add(file);
    return true;
  }

  /** Notes that a kept file was closed. */
  release(file: Kept): void {
    this.#kept.delete(file);
  }

  #leaveFree(object: string, fd: number, close: ((fd: number) => void) | undefined): number {
    if (close === undefined || !this.#isAmongLast(FREE, fd) || this.#giveUp()) return fd;
    close(fd);
    throw Object.assign(new Error(`EMFILE: too many open files, ${object}`), { code: "EMFILE" });
  }

  /**
   * Tells whether fewer than `count` descriptors are left after `fd`, which was just opened. The kernel assigns the
   * lowest free number. Reads the limit again, because it may have been raised for the running process: prlimit(1).
   */
  #isAmongLast(count: number, fd: number): boolean {
    if (fd < this.#limit - count) return false;
    this.#limit = this.#readLimit() ?? this.#limit;
    return fd >= this.#limit - count;
  }

  /** Closes some of the files that were kept longest. Returns false if there is none. */
  #giveUp(): boolean {
    const files = [...this.#kept].slice(0, AT_ONCE);
    for (const file of files) {
      this.#kept.delete(file);
      file.giveUp();
    }
    return files.length > 0;
  }

  #noteFew(error: unknown, object: string): void {
    const code = codeOf(error);
    this.#faults.note(code === "EMFILE" ? FEW_LEFT : code, object);
  }

  #refuse(error: unknown, object: string): never {
    this.#faults.note(codeOf(error), object);
    throw error;
  }

  #withSpare<T>(object: string, call: () => T, error: unknown): T {
    if (this.#spare === undefined) return this.#refuse(error, object);
    closeSync(this.#spare);
    this.#spare = undefined;
    try {
      return call();
    } catch (again) {
      if (isShortage(codeOf(again))) this.#faults.note(codeOf(again), object);
      throw again;
    } finally {
      this.#spare ??= openSpare();
    }
  }
}
