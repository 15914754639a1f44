// Decides when taps are read: at once if packets are rare, or all together every few milliseconds if packets are
// frequent.

import type { Shim, Watch } from "../../native-shim/shim.ts";
import type { Clock, Timer } from "../host/host.ts";

/** The part of a tap that the scheduler uses. */
export interface Reader {
  readonly fd: number;
  /** Reads many packets. Returns how full the ring was, from 0 (empty) to 1 (full); 2 if there are probably more. */
  read(): number;
}

/**
 * A wake-up costs at least 80 us, mostly for cold caches. Reading one more ring in the same wake-up costs almost
 * nothing. So a reader that was woken twice within LONG_PAUSE is busy: a timer reads all busy readers together, in
 * rounds. After EMPTY_ROUNDS empty rounds, a reader is woken by its socket again.
 *
 * The next round follows after LONG_PAUSE if every ring was less than a quarter full (MUCH), else after SHORT_PAUSE.
 * Both are in milliseconds. Compared to wake-ups by sockets, this saves 40 % of processor time at 1,000 samples a
 * second and 10 % at 100,000.
 */
const SHORT_PAUSE = 10;
const LONG_PAUSE = 20;
const MUCH = 1 / 4;
const EMPTY_ROUNDS = 2;
/** Milliseconds of a round until the other readers wait for the next turn of the event loop. */
const LONGEST_TURN = 5;

/** Reads each tap when its socket is readable, or busy taps together at intervals. */
export class RingScheduler {
  readonly #sockets: Pick<Shim, "watch">;
  readonly #clock: Clock;
  readonly #watched = new Map<Reader, { readonly watch: Watch; woken: number }>();
  /** Readers that are read in rounds, each with its number of empty rounds in a row. */
  readonly #rounds = new Map<Reader, number>();
  #timer: Timer | undefined;
  /** Readers left in the present round. */
  #left: [Reader, number][] = [];
  /** How full the fullest ring of the present round was. */
  #most = 0;

  constructor(sockets: Pick<Shim, "watch">, clock: Clock) {
    this.#sockets = sockets;
    this.#clock = clock;
  }

  add(reader: Reader): void {
    const watch = this.#sockets.watch(reader.fd, () => this.#woken(reader));
    this.#watched.set(reader, { watch, woken: Number.NEGATIVE_INFINITY });
  }

  /** Removes a reader. May be called from its `read`. */
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
    this.#left = [...this.#rounds].reverse();
    this.#most = 0;
    this.#goOn();
  }

  #goOn(): void {
    const end = this.#clock.uptime() + LONGEST_TURN;
    while (this.#left.length > 0 && this.#clock.uptime() < end) this.#readNext();
    if (this.#left.length > 0) this.#timer = this.#clock.after(0, () => this.#goOn());
    else this.#timer = this.#rounds.size === 0 ? undefined : this.#clock.after(this.#pause(), () => this.#round());
  }

  #readNext(): void {
    const [reader, empty] = this.#left.pop() as [Reader, number];
    if (!this.#rounds.has(reader)) return;
    const share = reader.read();
    this.#most = Math.max(this.#most, share);
    if (share > 0) this.#keep(reader, 0);
    else if (empty + 1 < EMPTY_ROUNDS) this.#keep(reader, empty + 1);
    else if (this.#rounds.delete(reader)) this.add(reader);
  }

  /** Hardly any pause if a ring was not read to its end. */
  #pause(): number {
    if (this.#most > 1) return 1;
    return this.#most < MUCH ? LONG_PAUSE : SHORT_PAUSE;
  }

  /** Does nothing if the reader was removed during its `read`. */
  #keep(reader: Reader, empty: number): void {
    if (this.#rounds.has(reader)) this.#rounds.set(reader, empty);
  }
}
