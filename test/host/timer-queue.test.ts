// Timers on one alarm: their order, cancelled ones, and ones that are added meanwhile.

import { expect, test } from "vitest";
import { TimerQueue } from "../../agent/host/timer-queue.ts";
import { seededRandom } from "../seeded-random.ts";

/** A clock that a test moves, and an alarm that rings whole milliseconds after it was set. */
function makeQueue() {
  let now = 1000.25;
  let rings = Number.POSITIVE_INFINITY;
  let ring = (): void => undefined;
  const alarm = {
    set: (milliseconds: number) => {
      rings = Math.floor(now) + milliseconds;
    },
    clear: () => {
      rings = Number.POSITIVE_INFINITY;
    },
  };
  const queue = new TimerQueue(
    () => now,
    (onTime) => {
      ring = onTime;
      return alarm;
    },
  );
  const advance = (milliseconds: number): number => {
    const end = now + milliseconds;
    let count = 0;
    while (rings <= end) {
      now = rings;
      rings = Number.POSITIVE_INFINITY;
      count++;
      ring();
    }
    now = end;
    return count;
  };
  return { queue, advance };
}

test("calls a thousand timers in the order of their times", () => {
  const { queue, advance } = makeQueue();
  const { below } = seededRandom(3);
  const times = Array.from({ length: 1000 }, () => 1 + below(5000));
  const called: number[] = [];
  const timers = times.map((time) => queue.after(time, () => called.push(time)));
  for (const timer of timers.slice(0, 300)) timer.cancel();
  advance(5001);
  expect(called).toEqual(times.slice(300).sort((a, b) => a - b));
});

test("does not wake for a timer that was cancelled, nor after the last one", () => {
  const { queue, advance } = makeQueue();
  const first = queue.after(10, () => undefined);
  queue.after(20, () => undefined);
  first.cancel();
  expect(advance(15)).toBe(0);
  expect(advance(10)).toBe(1);
  expect(advance(1000)).toBe(0);
});

test("calls timers of the same time in one wake-up, except those that another has cancelled", () => {
  const { queue, advance } = makeQueue();
  const called: string[] = [];
  const late = queue.after(5.2, () => called.push("late"));
  queue.after(5, () => {
    called.push("early");
    late.cancel();
  });
  queue.after(5.1, () => called.push("middle"));
  expect(advance(7)).toBe(1);
  expect(called).toEqual(["early", "middle"]);
});

test("calls a timer that is added for now later than the present ones", () => {
  const { queue, advance } = makeQueue();
  let calls = 0;
  const again = (): void => {
    calls++;
    queue.after(0, again);
  };
  queue.after(0, again);
  const wakes = advance(10);
  expect(calls).toBe(wakes);
  expect(calls).toBeLessThan(12);
});

test("sets the alarm for the others when a timer throws", () => {
  const { queue, advance } = makeQueue();
  let called = false;
  queue.after(5, () => {
    throw new Error("boom");
  });
  queue.after(9, () => {
    called = true;
  });
  expect(() => advance(6)).toThrow("boom");
  advance(10);
  expect(called).toBe(true);
});
