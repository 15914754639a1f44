// Batches that annotators keep back: counted holds, and a deadline for each, so that no lookup can keep a sample for
// ever.

import type { Clock, Timer } from "../host/host.ts";
import type { Hold } from "./flows.ts";

/** What is held for a while; `done` is called once, when the last hold on it has ended. */
export class Pending {
  readonly #clock: Clock;
  readonly #done: () => void;
  readonly #expired: () => void;
  #holds = 0;
  #sealed = false;

  /** `expired` is told of each hold that its deadline ended. */
  constructor(clock: Clock, done: () => void, expired: () => void) {
    this.#clock = clock;
    this.#done = done;
    this.#expired = expired;
  }

  hold(milliseconds: number): Hold {
    this.#holds++;
    return new TimedHold(this.#clock, milliseconds, this.#expired, () => this.#end());
  }

  /** There will be no more holds. True where some are left; otherwise it is over, and `done` is not called. */
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
