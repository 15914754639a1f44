// A clock that moves only when a test moves it, and fires its timers in order on the way.

import type { Clock, Timer } from "../../agent/host/host.ts";

export interface FakeClock extends Clock {
  advance(seconds: number): void;
  /**
   * Lets time pass without firing a timer, as while the process is stopped. Timers that are due fire at the next
   * `advance`.
   */
  stall(seconds: number): void;
  /** The number of timers that have not fired and were not cancelled. */
  readonly timers: number;
}

/** Starts at 2026-01-01 00:00:00 UTC. `uptime` is in milliseconds; by default the machine started 1000 s before. */
export function makeFakeClock(uptime = 1_000_000): FakeClock {
  const start = 1_767_225_600_000_000_000n;
  const waiting = new Set<{ at: number; every: number; callback: () => void }>();
  let now = uptime;

  function add(milliseconds: number, every: number, callback: () => void): Timer {
    const timer = { at: now + milliseconds, every, callback };
    waiting.add(timer);
    return { cancel: () => waiting.delete(timer) };
  }

  function next(until: number) {
    const [first] = [...waiting].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at);
    return first;
  }

  return {
    uptime: () => now,
    monotonic: () => now,
    wallNanoseconds: () => start + BigInt(Math.round((now - uptime) * 1e6)),
    every: (milliseconds, callback) => add(milliseconds, milliseconds, callback),
    after: (milliseconds, callback) => add(milliseconds, 0, callback),
    get timers() {
      return waiting.size;
    },
    advance(seconds) {
      const until = now + seconds * 1000;
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        now = Math.max(now, timer.at);
        if (timer.every === 0) waiting.delete(timer);
        else timer.at = now + timer.every;
        timer.callback();
      }
      now = Math.max(now, until);
    },
    stall(seconds) {
      now += seconds * 1000;
    },
  };
}
