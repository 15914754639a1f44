// Divides long work into slices, so that no turn of the event loop takes long, however much work there is.

import type { Clock } from "./host.ts";

/** Milliseconds of work in a turn. A packet, a signal or a request waits no longer than a few slices. */
const SLICE_MS = 3;

/** The slices of one kind of work. All tasks that use the same object share a slice. */
export class TimeSlices {
  readonly #clock: Pick<Clock, "uptime">;
  /** Uptime at the first step in this turn. */
  #began: number | undefined;

  constructor(clock: Pick<Clock, "uptime">) {
    this.#clock = clock;
  }

  /** Call it between two steps: returns a promise of the next turn once the slice of this turn is used up. */
  next(): Promise<void> | undefined {
    const now = this.#clock.uptime();
    if (this.#began === undefined) {
      this.#began = now;
      setImmediate(() => {
        this.#began = undefined;
      });
    }
    return now - this.#began < SLICE_MS ? undefined : new Promise((resolve) => setImmediate(resolve));
  }
}
