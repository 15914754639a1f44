// Counts the holds on a batch. Each hold has a deadline, so that no lookup can delay a sample forever.

import type { Clock, Timer } from "../host/host.ts";
import type { Hold } from "./flows.ts";

/** The holds on one batch. Calls `done` once, when the last has ended. */
export class Pending {
  readonly #clock: Clock;
  readonly #done: () => void;
  readonly #expired: () => void;
  #holds = 0;
  #sealed = false;

  /** Calls `expired` for each hold that ended at its deadline. */
  constructor(clock: Clock, done: () => void, expired: () => void) {
    this.#clock = clock;
    this.#done = done;
    this.#expired = expired;
  }

  hold(milliseconds: number): Hold {
    this.#holds++;
    return new TimedHold(this.#clock, milliseconds, this.#expired, () => this.#end());
  }

  /** To be called after the last hold was added. Returns true if holds are left. If not, `done` is never called. */
  seal(): boolean {
    this.#sealed = true;
    return this.#holds > 0;
  }

  #end(): void {
    if (--this.#holds === 0 && this.#sealed) this.#done();
  }
}

class TimedHold implements Hold {
  readonly #timer: Timer;
  readonly #end: () => void;
  #over = false;

  constructor(clock: Clock, milliseconds: number, expired: () => void, end: () => void) {
    this.#end = end;
    this.#timer = clock.after(milliseconds, () => {
      expired();
      this.#finish();
    });
  }

  get over(): boolean {
    return this.#over;
  }

  release(): void {
    if (this.#over) return;
    this.#timer.cancel();
    this.#finish();
  }

  #finish(): void {
    this.#over = true;
    this.#end();
  }
}
