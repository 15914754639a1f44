// Time as the kernel tells it. clock_gettime(2): CLOCK_BOOTTIME, CLOCK_REALTIME.

import { readFileSync } from "node:fs";
import type { Clock, Timer } from "./host.ts";

/** How far the monotonic clock may part from the time since boot before the machine must have been suspended. */
const SUSPENDED_MS = 1000;
const CHECK_MS = 10_000;

const monotonic = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** /proc/uptime counts suspended time too, in hundredths of a second. */
const sinceBoot = (): number => Number.parseFloat(readFileSync("/proc/uptime", "latin1")) * 1000;

function unrefTimer(timer: NodeJS.Timeout, clear: (timer: NodeJS.Timeout) => void): Timer {
  timer.unref();
  return { cancel: () => clear(timer) };
}

/** Node has no CLOCK_BOOTTIME: the monotonic clock is set against /proc/uptime, again where they part. */
export function makeLinuxClock(): Clock {
  let offset = sinceBoot() - monotonic();
  let checked = monotonic();
  return {
    uptime() {
      const now = monotonic();
      if (now - checked > CHECK_MS) {
        checked = now;
        const drift = sinceBoot() - now - offset;
        if (drift > SUSPENDED_MS) offset += drift;
      }
      return now + offset;
    },
    wallNanoseconds: () => BigInt(Date.now()) * 1_000_000n,
    every: (milliseconds, callback) => unrefTimer(setInterval(callback, milliseconds), clearInterval),
    after: (milliseconds, callback) => unrefTimer(setTimeout(callback, milliseconds), clearTimeout),
  };
}
