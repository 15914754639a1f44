// Decides when taps are read: at once if packets are rare, together every few milliseconds if there are many.

import type { Shim, Watch } from "../../native-shim/shim.ts";
import type { Clock, Timer } from "../host/host.ts";

/** A tap, as the scheduler sees it. */
export interface Reader {
  readonly fd: number;
  /** Returns how full it was: 0 empty, 1 full. */
  read(): number;
}

/**
 * Each wake-up costs 80 us and more, mostly for cold caches; reading one more ring on the way costs next to nothing. So
 * a reader that was woken twice within a long pause is then read in rounds, all such readers by one timer, until it was
 * empty for some rounds. The pause before the next round is the long one if there is room for four times as many
 * packets. That saves two fifths of the cost at 1,000 samples a second, and a tenth at 100,000.
 */
const SHORT_PAUSE = 10;
const LONG_PAUSE = 20;
const MUCH = 1 / 4;
const EMPTY_ROUNDS = 2;

export class RingScheduler {
  readonly #sockets: Pick<Shim, "watch">;
  readonly #clock: Clock;
  readonly #watched = new Map<Reader, { readonly watch: Watch; woken: number }>();
  /** Readers that are read in rounds, and how many rounds in a row found nothing. */
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

  /** May be called while the reader is read. */
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

  /** Does nothing if the reader was removed while it was read. */
  #keep(reader: Reader, empty: number): void {
    if (this.#rounds.has(reader)) this.#rounds.set(reader, empty);
  }
}
