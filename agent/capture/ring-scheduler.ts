// Decides when rings are read: together, as seldom as samples may wait and the rings last.

import type { Shim, Watch } from "../../native-shim/shim.ts";
import type { Clock, Timer } from "../host/host.ts";
import { AT_ONCE, type Pace } from "./pace.ts";

/** The part of a tap that the scheduler uses. */
export interface Reader {
  readonly fd: number;
  /** Returns the milliseconds in which the ring can fill up, at the most samples that may arrive. */
  lasts(): number;
  /** Reads many packets. Returns how full the ring was, from 0 (empty) to 1 (full); 2 if there are probably more. */
  read(): number;
}

/**
 * A wake-up costs at least 80 us, mostly for cold caches. Reading one more ring in the same wake-up costs almost
 * nothing. So a timer reads all rings that have samples together, in rounds. After EMPTY_ROUNDS empty rounds, a reader
 * is woken by its socket again.
 *
 * The next round follows after CALM_PAUSE if every ring was little filled (LITTLE, by then) and none can fill up in
 * that time. This is as long as datagrams wait for more samples, so the samples are then sent with the round. Otherwise
 * the next round follows after LONG_PAUSE, or after SHORT_PAUSE if a ring was filled more than MUCH. All pauses are in
 * milliseconds.
 *
 * If samples are urgent, rounds are at most LONG_PAUSE apart, and a reader is woken by its socket until that happens
 * twice within LONG_PAUSE.
 */
const SHORT_PAUSE = 10;
const LONG_PAUSE = 20;
const CALM_PAUSE = 100;
const LITTLE = 1 / 8;
const MUCH = 1 / 10;
const EMPTY_ROUNDS = 2;
/** The share of the time that a ring lasts which may pass between rounds. The rest is for a busy machine. */
const SAFE = 0.83;
/** Milliseconds of a round until the other readers wait for the next turn of the event loop. */
const LONGEST_TURN = 5;

/** Reads each tap when its socket is readable, or taps together at intervals. */
export class RingScheduler {
  readonly #sockets: Pick<Shim, "watch">;
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #watched = new Map<Reader, { readonly watch: Watch; woken: number }>();
  /** Readers that are read in rounds, each with its number of empty rounds in a row. */
  readonly #rounds = new Map<Reader, number>();
  #timer: Timer | undefined;
  /** Readers left in the present round. */
  #left: [Reader, number][] = [];
  /** How full the fullest ring of the present round was, and the pause before the round. */
  #most = 0;
  #pause = SHORT_PAUSE;

  constructor(sockets: Pick<Shim, "watch">, clock: Clock, pace: Pace = AT_ONCE) {
    this.#sockets = sockets;
    this.#clock = clock;
    this.#pace = pace;
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
    if (watched === undefined || (this.#pace.isUrgent && !this.#readNow(reader, watched))) return;
    if (!this.#watched.delete(reader)) return;
    watched.watch.close();
    this.#rounds.set(reader, 0);
    if (this.#timer === undefined) this.#wait(SHORT_PAUSE);
  }

  /** Returns true if the reader is busy: it had samples twice within LONG_PAUSE. */
  #readNow(reader: Reader, watched: { woken: number }): boolean {
    const now = this.#clock.uptime();
    const isBusy = now - watched.woken < LONG_PAUSE;
    watched.woken = now;
    return reader.read() > 0 && isBusy;
  }

  #wait(pause: number): void {
    this.#pause = pause;
    this.#timer = this.#clock.after(pause, () => this.#pace.round(this.#round));
  }

  readonly #round = (): boolean => {
    this.#left = [...this.#rounds].reverse();
    this.#most = 0;
    return this.#goOn();
  };

  /** Returns true at the end of a round if the next one follows after a calm pause. */
  readonly #goOn = (): boolean => {
    const end = this.#clock.uptime() + LONGEST_TURN;
    while (this.#left.length > 0 && this.#clock.uptime() < end) this.#readNext();
    if (this.#left.length === 0) return this.#endRound();
    this.#timer = this.#clock.after(0, () => this.#pace.round(this.#goOn));
    return false;
  };

  #endRound(): boolean {
    const pause = this.#nextPause();
    if (this.#rounds.size > 0) this.#wait(pause);
    else this.#timer = undefined;
    return pause > LONG_PAUSE;
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
  #nextPause(): number {
    if (this.#most > 1) return 1;
    const calm = this.#calmPause();
    if (calm > LONG_PAUSE && this.#most * calm < LITTLE * this.#pause) return calm;
    return this.#most < MUCH ? LONG_PAUSE : SHORT_PAUSE;
  }

  #calmPause(): number {
    if (this.#pace.isUrgent) return 0;
    let calm = CALM_PAUSE;
    for (const reader of this.#rounds.keys()) calm = Math.min(calm, reader.lasts() * SAFE);
    return calm;
  }

  /** Does nothing if the reader was removed during its `read`. */
  #keep(reader: Reader, empty: number): void {
    if (this.#rounds.has(reader)) this.#rounds.set(reader, empty);
  }
}
