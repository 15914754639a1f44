// The clock of a real machine: CLOCK_BOOTTIME from the monotonic clock and /proc/uptime, and timers that do not keep
// the process alive.

import type { Shim } from "../../native-shim/shim.ts";
import type { Clock, Timer } from "./host.ts";
import { TimerQueue } from "./timer-queue.ts";

/** The sources of a clock. Tests pass their own. */
export interface ClockSource {
  /** Returns the milliseconds of CLOCK_MONOTONIC, which stops while the machine is suspended. */
  monotonic(): number;
  /** Returns the text of /proc/uptime: CLOCK_BOOTTIME in seconds with hundredths. Undefined if it cannot be read. */
  uptime(): string | undefined;
  /** Returns milliseconds since the UNIX epoch. */
  wall(): number;
  /** Makes an alarm; undefined while there is none. Without an alarm, each timer is a timer of Node. */
  alarm?: () => Shim["alarm"] | undefined;
}

const CHECK_MILLISECONDS = 1000;
const LARGEST_DRIFT = 1000;
const LONGEST_TIMEOUT = 0x7fff_ffff;

/**
 * Returns a clock of the uptime. To save system calls, reads /proc/uptime at most once a second, and adds the time of
 * the monotonic clock since then. After a suspend the two clocks differ; then the offset between them moves forward.
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
 * Returns a wall clock with microseconds. The wall clock of JavaScript has whole milliseconds, and the monotonic clock
 * adds the fraction. The result always stays in the millisecond of the wall clock, so it follows if that is set.
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

function nodeTimer(milliseconds: number, callback: () => void): Timer {
  const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_TIMEOUT)).unref();
  return { cancel: () => clearTimeout(timer) };
}

/** Returns a function that starts a timer, on the alarm as soon as there is one. */
function makeAfter({ monotonic, alarm }: ClockSource): Clock["after"] {
  let queue: TimerQueue | undefined;
  return (milliseconds, callback) => {
    const makeAlarm = queue === undefined ? alarm?.() : undefined;
    if (makeAlarm !== undefined) queue = new TimerQueue(monotonic, makeAlarm);
    return queue === undefined ? nodeTimer(milliseconds, callback) : queue.after(milliseconds, callback);
  };
}

/** Calls `callback` every `interval` milliseconds from now on, without drift. Skips calls missed in a stall. */
function every(monotonic: () => number, after: Clock["after"], interval: number, callback: () => void): Timer {
  const milliseconds = Math.max(1, interval);
  let due = monotonic() + milliseconds;
  let timer = after(milliseconds, fire);
  function fire(): void {
    const late = Math.max(0, monotonic() - due);
    due += milliseconds * (1 + Math.floor(late / milliseconds));
    timer = after(due - monotonic(), fire);
    callback();
  }
  return { cancel: () => timer.cancel() };
}

export function makeLinuxClock(source: ClockSource): Clock {
  const after = makeAfter(source);
  return {
    uptime: makeUptime(source),
    monotonic: source.monotonic,
    wallNanoseconds: makeWall(source),
    every: (milliseconds, callback) => every(source.monotonic, after, milliseconds, callback),
    after,
  };
}

/** Returns process.hrtime() in milliseconds: exact to a microsecond for 285 years. */
export function monotonicMilliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
