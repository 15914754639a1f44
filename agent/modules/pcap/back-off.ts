// sampling.limit: doubles N of a tap that brings more samples than allowed, until there are few enough. sFlow v5,
// section 3.1: an agent that backs off doubles the rate, and only an operator sets it back.

import type { Tap } from "../../capture/engine.ts";
import type { Clock } from "../../host/host.ts";

const SECOND = 1000;
/** The draw favours small remainders by N / 2^32, which is 0.4 % here. */
const LARGEST_RATE = 2 ** 24;

/** The rate of one interface: that of the file, times a power of two. It outlives taps that come and go. */
export class BackOff {
  readonly #clock: Pick<Clock, "uptime" | "after">;
  readonly #doubled: (tap: Tap, first: boolean) => void;
  #meant = 0;
  #rate = 0;
  #limit = 0;
  /** Start of the current second, by the uptime in milliseconds, and the samples since then. */
  #began = 0;
  #samples = 0;
  #waiting = false;

  /** `doubled` is called after each doubling. `first` is true if the rate was that of the file until then. */
  constructor(clock: Pick<Clock, "uptime" | "after">, doubled: (tap: Tap, first: boolean) => void) {
    this.#clock = clock;
    this.#doubled = doubled;
  }

  /** 1-in-N that the tap must have. */
  get rate(): number {
    return this.#rate;
  }

  /** Samples a second; 0 is no limit. */
  get limit(): number {
    return this.#limit;
  }

  /** Takes rate and limit of the file. If both are as before, a doubled rate stays. */
  mean(rate: number, limit: number): void {
    if (rate === this.#meant && limit === this.#limit) return;
    this.#meant = rate;
    this.#limit = limit;
    this.restore();
  }

  /** Sets the rate back to that of the file: an operator has reloaded it. */
  restore(): void {
    this.#rate = this.#meant;
    this.#count();
  }

  /**
   * Counts samples, lost ones included. Doubles N later, because the engine is still handing over.
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

  /** Samples that were queued come while the rate changes. They are part of the same excess and are not counted. */
  #double(tap: Tap): void {
    const first = this.#rate === this.#meant;
    this.#rate *= 2;
    tap.setSamplingRate(this.#rate);
    this.#waiting = false;
    this.#count();
    this.#doubled(tap, first);
  }
}
