// sampling.limit: doubles N of a tap that yields more samples than allowed, until the limit is met. See sFlow v5,
// section 3.1: an agent that backs off doubles N, and only an operator restores it.

import type { Tap } from "../../capture/engine.ts";
import type { Clock } from "../../host/host.ts";

const SECOND = 1000;
/** Largest N. The modulo in the filter favours small remainders by N / 2^32, which is 0.4 % for this N. */
const LARGEST_RATE = 2 ** 24;

/** The rate of one interface: the configured N, times a power of two. It is kept when taps are closed and reopened. */
export class BackOff {
  readonly #clock: Pick<Clock, "uptime" | "after">;
  readonly #doubled: (tap: Tap, first: boolean) => void;
  #meant = 0;
  #rate = 0;
  #limit = 0;
  /** Start of the current second (uptime in milliseconds), and the number of samples since then. */
  #began = 0;
  #samples = 0;
  #waiting = false;

  /** Calls `doubled` after each doubling. `first` is true if N was the configured one until then. */
  constructor(clock: Pick<Clock, "uptime" | "after">, doubled: (tap: Tap, first: boolean) => void) {
    this.#clock = clock;
    this.#doubled = doubled;
  }

  /** N of 1-in-N that the tap must use now. */
  get rate(): number {
    return this.#rate;
  }

  /** Maximum samples a second; 0 means no limit. */
  get limit(): number {
    return this.#limit;
  }

  /** Sets the configured rate and limit. If neither has changed, keeps a doubled rate. */
  mean(rate: number, limit: number): void {
    if (rate === this.#meant && limit === this.#limit) return;
    this.#meant = rate;
    this.#limit = limit;
    this.restore();
  }

  /** Restores the configured rate, because an operator has reloaded the configuration. */
  restore(): void {
    this.#rate = this.#meant;
    this.#count();
  }

  /**
   * Counts samples, including lost ones. Doubles N a little later, because the engine is still passing on packets.
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

  /** Does not count queued samples that are read during a change of the rate, as they belong to the same excess. */
  #double(tap: Tap): void {
    const first = this.#rate === this.#meant;
    this.#rate *= 2;
    tap.setSamplingRate(this.#rate);
    this.#waiting = false;
    this.#count();
    this.#doubled(tap, first);
  }
}
