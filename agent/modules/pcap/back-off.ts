// sampling.limit: a tap that brings more samples than it may is halved, again and again until they are few enough.
// sFlow v5, section 3.1: an agent that backs off doubles the rate, and leaves the way back to people.

import type { Tap } from "../../capture/engine.ts";
import type { Clock } from "../../host/host.ts";

const SECOND = 1000;
/** The draw favours small remainders by N / 2^32: 0.4 % here. */
const LARGEST_RATE = 2 ** 24;

/** The rate of one interface: as the file says, or that times a power of two. It outlives taps that come and go. */
export class BackOff {
  readonly #clock: Pick<Clock, "uptime" | "after">;
  readonly #doubled: (tap: Tap, first: boolean) => void;
  #meant = 0;
  #rate = 0;
  #limit = 0;
  /** Milliseconds, and samples since then. */
  #began = 0;
  #samples = 0;
  #waiting = false;

  /** `doubled` is told whether it is the first time since the rate was what the file says. */
  constructor(clock: Pick<Clock, "uptime" | "after">, doubled: (tap: Tap, first: boolean) => void) {
    this.#clock = clock;
    this.#doubled = doubled;
  }

  /** 1-in-N to be in force. */
  get rate(): number {
    return this.#rate;
  }

  /** Samples a second; 0 is no limit. */
  get limit(): number {
    return this.#limit;
  }

  /** What the file says. Where it says nothing new, a rate that was doubled stays. */
  mean(rate: number, limit: number): void {
    if (rate === this.#meant && limit === this.#limit) return;
    this.#meant = rate;
    this.#limit = limit;
    this.restore();
  }

  /** A person has read the file again. */
  restore(): void {
    this.#rate = this.#meant;
    this.#count();
  }

  /**
   * Samples drawn, lost ones included. The engine is in the middle of handing them over, so the rate is changed when it
   * is done.
   */
  saw(tap: Tap, samples: number): void {
    if (this.#limit === 0) return;
    if (this.#clock.uptime() - this.#began >= SECOND) this.#count();
    this.#samples += samples;
    if (this.#samples <= this.#limit || this.#waiting || this.#rate >= LARGEST_RATE) return;
    this.#waiting = true;
    this.#clock.after(0, () => this.#double(tap));
  }

  #count(): void {
    this.#began = this.#clock.uptime();
    this.#samples = 0;
  }

  /** What is queued comes while the rate is changed, and has been too much already: it is not counted again. */
  #double(tap: Tap): void {
    const first = this.#rate === this.#meant;
    this.#rate *= 2;
    tap.setSamplingRate(this.#rate);
    this.#waiting = false;
    this.#count();
    this.#doubled(tap, first);
  }
}
