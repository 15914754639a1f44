// When taps are read: at once where packets are rare, together every few milliseconds where they are many.

import type { Shim, Watch } from "../../native-shim/shim.ts";
import type { Clock, Timer } from "../host/host.ts";

/** Something to be read on `fd`; how much it read, and 0 where there was nothing. */
export interface Reader {
  readonly fd: number;
  read(): number;
}

/**
 * To be woken costs 80 us and more, most of it caches gone cold; to look at one more ring on the way next to nothing.
 * So a reader that is woken twice within two rounds is looked at in rounds from then on, all such readers by one timer,
 * until it was found empty for a while.
 */
const ROUND_MILLISECONDS = 10;
const EMPTY_ROUNDS = 4;

export class Turns {
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
    const busy = now - watched.woken < 2 * ROUND_MILLISECONDS;
    watched.woken = now;
    if (reader.read() === 0 || !busy || !this.#watched.delete(reader)) return;
    watched.watch.close();
    this.#rounds.set(reader, 0);
    this.#timer ??= this.#clock.every(ROUND_MILLISECONDS, () => this.#round());
  }

  #round(): void {
    for (const [reader, empty] of this.#rounds) {
      if (reader.read() > 0) this.#keep(reader, 0);
      else if (empty + 1 < EMPTY_ROUNDS) this.#keep(reader, empty + 1);
      else if (this.#rounds.delete(reader)) this.add(reader);
    }
    if (this.#rounds.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Where it was not removed while it was read. */
  #keep(reader: Reader, empty: number): void {
    if (this.#rounds.has(reader)) this.#rounds.set(reader, empty);
  }
}
