// The clock of a real machine: CLOCK_BOOTTIME from the monotonic clock and /proc/uptime, and timers that do not keep
// the process alive.

import type { Clock, Timer } from "./host.ts";

/** The sources of a clock. Tests pass their own. */
export interface ClockSource {
  /** Milliseconds that do not advance while the machine is suspended. CLOCK_MONOTONIC. */
  monotonic(): number;
  /** The text of /proc/uptime: CLOCK_BOOTTIME in seconds with hundredths. Undefined if it is unreadable. */
  uptime(): string | undefined;
  /** Milliseconds of the UNIX epoch. */
  wall(): number;
}

const CHECK_MILLISECONDS = 1000;
const LARGEST_DRIFT = 1000;
const LONGEST_TIMEOUT = 0x7fff_ffff;

/**
 * Returns a clock of the uptime. Reading /proc/uptime costs a system call and a parse, so it is read at most once a
 * second; the monotonic clock fills the time between. They differ after a suspend: then the offset moves forward.
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
 * Returns a wall clock with microseconds. The wall clock of JavaScript has whole milliseconds; the monotonic clock adds
 * the fraction. The sum always stays in the millisecond of the wall clock, so it follows each step of that clock.
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

/** Calls on a grid of `interval` milliseconds from now on. It does not drift, and skips points missed in a stall. */
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

/** Returns process.hrtime() in milliseconds: exact to a microsecond for 285 years. */
export function monotonicMilliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
