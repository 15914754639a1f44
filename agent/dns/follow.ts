// A question that is asked again whenever its answer has outlived itself. The last answer is kept while none comes.

import type { Host, Timer } from "../host/host.ts";
import type { RecordData, RecordType } from "./message.ts";
import type { Outcome } from "./resolver.ts";

/** Milliseconds, all. A zone that says 0 is not asked without end, one that says a week is still heard today. */
const SHORTEST = 10_000;
const LONGEST = 3_600_000;
/** Of "there is no such thing": where the zone does not say, and at most, for what is missing is being waited for. */
const NOTHING = 60_000;
const LONGEST_NOTHING = 300_000;
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;
/** Hosts that have their answers from one cache are not to ask again all at once. */
const SPREAD = 1000;

export interface Followed<T extends RecordType> {
  /** Of the last answer that had any; kept until another has. */
  readonly records: readonly RecordData[T][] | undefined;
  /** Undefined until the first question has ended. */
  readonly outcome: Outcome<T> | undefined;
  /** Milliseconds of uptime, both. */
  readonly answeredAt: number | undefined;
  readonly nextAt: number;
  /** Asks now. */
  again(): void;
  stop(): void;
}

const between = (least: number, value: number, most: number): number => Math.min(Math.max(value, least), most);

function pause(outcome: Outcome<RecordType>, failures: number): number {
  if (outcome.kind === "failure") return Math.min(FIRST_RETRY * 2 ** (failures - 1), LAST_RETRY);
  if (outcome.kind === "records") return between(SHORTEST, outcome.ttl * 1000, LONGEST);
  return between(SHORTEST, outcome.ttl === undefined ? NOTHING : outcome.ttl * 1000, LONGEST_NOTHING);
}

/** `ask` never rejects. `onOutcome` is called after each, whatever it is. */
export function follow<T extends RecordType>(
  ask: () => Promise<Outcome<T>>,
  { clock, random }: Pick<Host, "clock" | "random">,
  onOutcome: () => void,
): Followed<T> {
  let records: readonly RecordData[T][] | undefined;
  let outcome: Outcome<T> | undefined;
  let answeredAt: number | undefined;
  let nextAt = clock.uptime();
  let failures = 0;
  let asking = false;
  let stopped = false;
  let timer: Timer = clock.after(0, begin);

  function begin(): void {
    if (asking || stopped) return;
    asking = true;
    void ask().then(end);
  }

  function end(found: Outcome<T>): void {
    asking = false;
    if (stopped) return;
    outcome = found;
    failures = found.kind === "failure" ? failures + 1 : 0;
    if (found.kind !== "failure") answeredAt = clock.uptime();
    if (found.kind === "records") records = found.records;
    const wait = pause(found, failures) + random(SPREAD);
    nextAt = clock.uptime() + wait;
    timer = clock.after(wait, begin);
    onOutcome();
  }

  return {
    get records() {
      return records;
    },
    get outcome() {
      return outcome;
    },
    get answeredAt() {
      return answeredAt;
    },
    get nextAt() {
      return nextAt;
    },
    again() {
      timer.cancel();
      begin();
    },
    stop() {
      stopped = true;
      timer.cancel();
    },
  };
}
