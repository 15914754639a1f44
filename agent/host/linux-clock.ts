// Time on a real machine: CLOCK_BOOTTIME from the monotonic clock and /proc/uptime, and timers that keep no process
// alive.

import type { Clock, Timer } from "./host.ts";

/** What a clock is made of; tests give their own. */
export interface ClockSource {
  /** Milliseconds that stand still while the machine sleeps. CLOCK_MONOTONIC */
  monotonic(): number;
  /** The text of /proc/uptime: CLOCK_BOOTTIME in seconds, hundredths. Undefined where it cannot be read. */
  uptime(): string | undefined;
  /** Milliseconds of the UNIX epoch. */
  wall(): number;
}

const CHECK_MILLISECONDS = 1000;
const LARGEST_DRIFT = 1000;
const LONGEST_TIMEOUT = 0x7fff_ffff;

/**
 * Reading /proc/uptime costs a system call and a parse, so it is done once a second at most; between, the monotonic
 * clock carries on. The two part when the machine was asleep: then the offset is taken anew, always forward.
 */
function makeUptime(source: ClockSource): () => number {
  let offset = 0;
  let checked = Number.NEGATIVE_INFINITY;
  return () => {
    const now = source.monotonic();
    if (now - checked < CHECK_MILLISECONDS) return now + offset;
    const first = checked === Number.NEGATIVE_INFINITY;
    checked = now;
    const boot = Number.parseFloat(source.uptime() ?? "") * 1000;
    const drift = boot - (now + offset);
    if (drift > (first ? 0 : LARGEST_DRIFT)) offset += drift;
    return now + offset;
  };
}

/**
 * The wall clock of JavaScript has whole milliseconds. The monotonic clock fills them in: the sum is pulled back into
 * the millisecond that the wall clock shows, so it follows every step of the clock at once.
 */
function makeWall(source: ClockSource): () => bigint {
  let offset = 0;
  return () => {
    const monotonic = source.monotonic();
    const wall = source.wall();
    const within = monotonic + offset - wall;
    if (within < 0) offset -= within;
    else if (within >= 1) offset -= within - 0.999_999;
    const nanoseconds = Math.floor((monotonic + offset - wall) * 1e6);
    return BigInt(wall) * 1_000_000n + BigInt(Math.min(999_999, Math.max(0, nanoseconds)));
  };
}

function after(milliseconds: number, callback: () => void): Timer {
  const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_TIMEOUT)).unref();
  return { cancel: () => clearTimeout(timer) };
}

/**
 * On a grid of `interval` milliseconds from the first call: it does not drift, and points missed while stalled are left
 * out.
 */
function every(source: ClockSource, interval: number, callback: () => void): Timer {
  const milliseconds = Math.max(1, interval);
  let due = source.monotonic() + milliseconds;
  let timer = after(milliseconds, fire);
  function fire(): void {
    const late = Math.max(0, source.monotonic() - due);
    due += milliseconds * (1 + Math.floor(late / milliseconds));
    timer = after(due - source.monotonic(), fire);
    callback();
  }
  return { cancel: () => timer.cancel() };
}

export function makeLinuxClock(source: ClockSource): Clock {
  return {
    uptime: makeUptime(source),
    wallNanoseconds: makeWall(source),
    every: (milliseconds, callback) => every(source, milliseconds, callback),
    after,
  };
}

/** process.hrtime() as a number: exact to a microsecond for 285 years. */
export function monotonicMilliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
