// Holds on a batch: counted, and each with a deadline, so that no lookup can keep a sample forever.

import type { Clock, Timer } from "../host/host.ts";
import type { Hold } from "./flows.ts";

/** The holds on one batch. Calls `done` once, when the last has ended. */
export class Pending {
  readonly #clock: Clock;
  readonly #done: () => void;
  readonly #expired: () => void;
  #holds = 0;
  #sealed = false;

  /** `expired` is called for each hold that its deadline ended. */
  constructor(clock: Clock, done: () => void, expired: () => void) {
    this.#clock = clock;
    this.#done = done;
    this.#expired = expired;
  }

  hold(milliseconds: number): Hold {
    this.#holds++;
    return new TimedHold(this.#clock, milliseconds, this.#expired, () => this.#end());
  }

  /** Says that no more holds will come. Returns true if some are left; otherwise `done` is not called. */
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
