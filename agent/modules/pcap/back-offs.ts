// The rates of all interfaces that are or were sampled. Logs when a rate is doubled.

import type { Tap } from "../../capture/engine.ts";
import type { Clock } from "../../host/host.ts";
import type { Logger } from "../../log/logger.ts";
import { BackOff } from "./back-off.ts";

export class BackOffs {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #byIndex = new Map<number, BackOff>();

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Returns the rate to use for interface `index`, given the configured rate and limit. */
  of(index: number, rate: number, limit: number): BackOff {
    const known = this.#byIndex.get(index);
    const backOff =
      known ?? new BackOff(this.#clock, (tap, first) => this.#say(tap, backOff.rate / 2, backOff.limit, first));
    if (known === undefined) this.#byIndex.set(index, backOff);
    backOff.mean(rate, limit);
    return backOff;
  }

  restore(): void {
    for (const backOff of this.#byIndex.values()) backOff.restore();
  }

  forget(index: number): void {
    this.#byIndex.delete(index);
  }

  /** Logs the first doubling as a warning, and further ones as debug messages. */
  #say({ options }: Tap, before: number, limit: number, first: boolean): void {
    const { name, samplingRate } = options;
    const text = `${name}: more than ${limit} samples a second: 1-in-${samplingRate} instead of 1-in-${before}`;
    if (first) this.#log.warn(`${text}, and doubled again while there are more; a reload restores it (sampling.limit)`);
    else this.#log.debug(1, () => text);
  }
}
