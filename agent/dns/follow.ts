// Repeats a query whenever its answer has expired. Keeps the last records while queries fail.

import type { Host, Timer } from "../host/host.ts";
import { makeBackOff } from "../host/make-back-off.ts";
import type { RecordData, RecordType } from "./message.ts";
import type { Outcome } from "./resolver.ts";

/**
 * Limits of the lifetime of an answer in milliseconds. A TTL of 0 must not cause endless queries, and a TTL of a week
 * must not keep an old answer that long.
 */
const SHORTEST = 10_000;
const LONGEST = 3_600_000;
/** Default and longest wait in milliseconds after the answer "no records". Records may be added at any time. */
const NO_RECORDS = 60_000;
const LONGEST_NO_RECORDS = 300_000;
/** Milliseconds until the next query after the first failure. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;
/** Random milliseconds added to each wait, so that hosts behind one cache do not all ask at once. */
const SPREAD = 1000;

export interface Followed<T extends RecordType> {
  /** The records of the last answer that had records. */
  readonly records: readonly RecordData[T][] | undefined;
  /** The outcome of the last query; undefined until the first query has ended. */
  readonly outcome: Outcome<T> | undefined;
  /** The uptime of the last answer in milliseconds; undefined until there is one. */
  readonly answeredAt: number | undefined;
  /** The uptime of the next query in milliseconds. */
  readonly nextAt: number;
  /** Asks now. */
  again(): void;
  stop(): void;
}

const clamp = (least: number, value: number, most: number): number => Math.min(Math.max(value, least), most);

/** Returns the milliseconds for which an answer is valid. */
function lifetime(answer: Exclude<Outcome<RecordType>, { kind: "failure" }>): number {
  if (answer.kind === "records") return clamp(SHORTEST, answer.ttl * 1000, LONGEST);
  return clamp(SHORTEST, answer.ttl === undefined ? NO_RECORDS : answer.ttl * 1000, LONGEST_NO_RECORDS);
}

class FollowedQuestion<T extends RecordType> implements Followed<T> {
  readonly #ask: () => Promise<Outcome<T>>;
  readonly #host: Pick<Host, "clock" | "random">;
  readonly #onOutcome: () => void;
  readonly #backOff = makeBackOff(FIRST_RETRY, LAST_RETRY);
  #records: readonly RecordData[T][] | undefined;
  #outcome: Outcome<T> | undefined;
  #answeredAt: number | undefined;
  #nextAt: number;
  #asking = false;
  #stopped = false;
  #timer: Timer;

  constructor(ask: () => Promise<Outcome<T>>, host: Pick<Host, "clock" | "random">, onOutcome: () => void) {
    this.#ask = ask;
    this.#host = host;
    this.#onOutcome = onOutcome;
    this.#nextAt = host.clock.uptime();
    this.#timer = host.clock.after(0, () => this.#begin());
  }

  get records() {
    return this.#records;
  }

  get outcome() {
    return this.#outcome;
  }

  get answeredAt() {
    return this.#answeredAt;
  }

  get nextAt() {
    return this.#nextAt;
  }

  again(): void {
    this.#timer.cancel();
    this.#begin();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer.cancel();
  }

  #begin(): void {
    if (this.#asking || this.#stopped) return;
    this.#asking = true;
    void this.#ask().then((outcome) => this.#end(outcome));
  }

  #end(outcome: Outcome<T>): void {
    this.#asking = false;
    if (this.#stopped) return;
    const { clock, random } = this.#host;
    this.#outcome = outcome;
    if (outcome.kind !== "failure") {
      this.#answeredAt = clock.uptime();
      this.#backOff.reset();
    }
    if (outcome.kind === "records") this.#records = outcome.records;
    const wait = (outcome.kind === "failure" ? this.#backOff.next() : lifetime(outcome)) + random(SPREAD);
    this.#nextAt = clock.uptime() + wait;
    this.#timer = clock.after(wait, () => this.#begin());
    this.#onOutcome();
  }
}

/**
 * Sends a query now, and again whenever an answer expires. `ask` must never reject. Calls `onOutcome` after each query.
 */
export const follow = <T extends RecordType>(
  ask: () => Promise<Outcome<T>>,
  host: Pick<Host, "clock" | "random">,
  onOutcome: () => void,
): Followed<T> => new FollowedQuestion(ask, host, onOutcome);
