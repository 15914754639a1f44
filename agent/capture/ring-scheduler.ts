// When taps are read: at once where packets are rare, together every few milliseconds where they are many.

import type { Shim, Watch } from "../../native-shim/shim.ts";
import type { Clock, Timer } from "../host/host.ts";

/** Something to be read on `fd`. */
export interface Reader {
  readonly fd: number;
  /** How much it read: 1 is all that there is room for, 0 that there was nothing. */
  read(): number;
}

/**
 * To be woken costs 80 us and more, most of it caches gone cold; to look at one more ring on the way next to nothing.
 * So a reader that is woken twice within a long pause is looked at in rounds from then on, all such readers by one
 * timer, until it was found empty for a while. The pause before the next round is the long one wherever four times as
 * many packets would find room in it: that takes two fifths off 1,000 samples a second, and a tenth off 100,000.
 */
const SHORT_PAUSE = 10;
const LONG_PAUSE = 20;
const MUCH = 1 / 4;
const EMPTY_ROUNDS = 2;

export class RingScheduler {
  readonly #sockets: Pick<Shim, "watch">;
  readonly #clock: Clock;
  readonly #watched = new Map<Reader, { readonly watch: Watch; woken: number }>();
  /** Readers that are looked at in rounds, and how many rounds in a row found nothing. */
  readonly #rounds = new Map<Reader, number>();
  #timer: Timer | undefined;

  constructor(sockets: Pick<Shim, "watch">, clock: Clock) {
    this.#sockets = sockets;
    this.#clock = clock;
  }

  add(reader: Reader): void {
    const watch = this.#sockets.watch(reader.fd, () => this.#woken(reader));
    this.#watched.set(reader, { watch, woken: Number.NEGATIVE_INFINITY });
  }

  /** May be called while it is read. */
  remove(reader: Reader): void {
    this.#watched.get(reader)?.watch.close();
    this.#watched.delete(reader);
    this.#rounds.delete(reader);
  }

  #woken(reader: Reader): void {
    const watched = this.#watched.get(reader);
    if (watched === undefined) return;
    const now = this.#clock.uptime();
    const busy = now - watched.woken < LONG_PAUSE;
    watched.woken = now;
    if (reader.read() === 0 || !busy || !this.#watched.delete(reader)) return;
    watched.watch.close();
    this.#rounds.set(reader, 0);
    this.#timer ??= this.#clock.after(SHORT_PAUSE, () => this.#round());
  }

  #round(): void {
    let most = 0;
    for (const [reader, empty] of this.#rounds) {
      const share = reader.read();
      most = Math.max(most, share);
      if (share > 0) this.#keep(reader, 0);
      else if (empty + 1 < EMPTY_ROUNDS) this.#keep(reader, empty + 1);
      else if (this.#rounds.delete(reader)) this.add(reader);
    }
    const pause = most < MUCH ? LONG_PAUSE : SHORT_PAUSE;
    this.#timer = this.#rounds.size === 0 ? undefined : this.#clock.after(pause, () => this.#round());
  }

  /** Where it was not removed while it was read. */
  #keep(reader: Reader, empty: number): void {
    if (this.#rounds.has(reader)) this.#rounds.set(reader, empty);
  }
}
