// Runs many short pieces of work without keeping packets and timers waiting: after some milliseconds of work, a pause.

import type { Clock } from "./host.ts";

/** Milliseconds of work between two pauses, and of each pause. The last piece of work may take longer. */
const SLICE = 5;

/**
 * Runs pieces of work in the order in which they were added. A piece runs at once, inside `add`, as long as the pieces
 * before it took less than SLICE in all. Otherwise it runs after the pause.
 */
export class WorkQueue {
  readonly #clock: Pick<Clock, "uptime" | "after">;
  #waiting: (() => void)[] = [];
  /** Index in `#waiting` of the next piece. */
  #next = 0;
  /** Uptime in milliseconds at which the present slice ends, and at which the last piece ended. */
  #end = Number.NEGATIVE_INFINITY;
  #lastEnded = Number.NEGATIVE_INFINITY;
  #paused = false;
  #onIdle: (() => void)[] = [];

  constructor(clock: Pick<Clock, "uptime" | "after">) {
    this.#clock = clock;
  }

  add(piece: () => void): void {
    if (!this.#paused && this.#hasTime()) this.#run(piece);
    else {
      this.#waiting.push(piece);
      this.#pause();
    }
  }

  /** Resolves when all pieces have run. */
  idle(): Promise<void> {
    return this.#paused ? new Promise((resolve) => this.#onIdle.push(resolve)) : Promise.resolve();
  }

  /** Discards the pieces that have not run. */
  clear(): void {
    this.#waiting = [];
    this.#next = 0;
  }

  #run(piece: () => void): void {
    try {
      piece();
    } finally {
      this.#lastEnded = this.#clock.uptime();
    }
  }

  /** Returns false within the pause after a slice. A piece that comes later than that begins another slice. */
  #hasTime(): boolean {
    const now = this.#clock.uptime();
    if (now < this.#end) return true;
    if (now < this.#lastEnded + SLICE) return false;
    this.#end = now + SLICE;
    return true;
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#clock.after(SLICE, () => this.#resume());
  }

  #resume(): void {
    this.#paused = false;
    this.#end = this.#clock.uptime() + SLICE;
    try {
      while (this.#next < this.#waiting.length && this.#clock.uptime() < this.#end)
        this.#run(this.#waiting[this.#next++] as () => void);
    } finally {
      if (this.#next < this.#waiting.length) this.#pause();
      else this.#becomeIdle();
    }
  }

  #becomeIdle(): void {
    this.clear();
    const listeners = this.#onIdle;
    this.#onIdle = [];
    for (const listener of listeners) listener();
  }
}
