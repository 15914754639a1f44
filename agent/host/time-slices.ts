// Divides long work into slices, so that no turn of the event loop takes long, however much work there is.

import type { Clock } from "./host.ts";

/** Milliseconds of work in a turn. A packet, a signal or a request waits no longer than a few slices. */
const SLICE_MS = 3;

/** The slices of one kind of work. Tasks that share an object take turns. */
export class TimeSlices {
  readonly #clock: Pick<Clock, "uptime">;
  /** Uptime at which the slice of this turn began. */
  #began: number | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Pick<Clock, "uptime">) {
    this.#clock = clock;
  }

  /** Call it between two steps: returns a promise of a later turn once the slice of this turn is used up. */
  next(): Promise<void> | undefined {
    const now = this.#clock.uptime();
    this.#began ??= this.#begin(now);
    if (now - this.#began < SLICE_MS && this.#waiting.length === 0) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #begin(now: number): number {
    setImmediate(() => this.#end());
    return now;
  }

  /** The turn is over. The slice of the next one belongs to the task that has waited longest. */
  #end(): void {
    const resume = this.#waiting.shift();
    this.#began = resume && this.#begin(this.#clock.uptime());
    resume?.();
  }
}
