// The real clock over sources that a test controls: suspends, steps of the wall clock, stalled timers.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeLinuxClock, monotonicMilliseconds } from "../../agent/host/linux-clock.ts";

function makeSource() {
  const time = { monotonic: 5_000, boot: 100_000, wall: 1_767_225_600_000, reads: 0 };
  const source = {
    monotonic: () => time.monotonic,
    uptime: (): string | undefined => {
      time.reads++;
      return `${(time.boot / 1000).toFixed(2)} 12345.67\n`;
    },
    wall: () => Math.floor(time.wall),
  };
  const pass = (milliseconds: number) => {
    time.monotonic += milliseconds;
    time.boot += milliseconds;
    time.wall += milliseconds;
  };
  return { time, source, pass, clock: makeLinuxClock(source) };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

test("uptime is that of the machine, read from the kernel at most once a second", () => {
  const { clock, pass, time } = makeSource();
  expect(clock.uptime()).toBe(100_000);
  pass(400);
  expect(clock.uptime()).toBe(100_400);
  expect(time.reads).toBe(1);
  pass(600);
  expect(clock.uptime()).toBe(101_000);
  expect(time.reads).toBe(2);
});

test("uptime includes the time of a suspend", () => {
  const { clock, pass, time } = makeSource();
  clock.uptime();
  time.boot += 3_600_000;
  pass(1500);
  expect(clock.uptime()).toBe(100_000 + 3_600_000 + 1500);
});

test("uptime neither goes back nor jitters with the hundredths of /proc/uptime", () => {
  const { clock, pass, time } = makeSource();
  clock.uptime();
  for (const wrong of [-9, 9, -50_000]) {
    time.boot += wrong;
    pass(1000);
    const before = clock.uptime();
    pass(1);
    expect(clock.uptime()).toBeCloseTo(before + 1, 6);
  }
});

test("without /proc, uptime is the monotonic clock", () => {
  const { source } = makeSource();
  expect(makeLinuxClock({ ...source, uptime: () => undefined }).uptime()).toBe(5_000);
});

test("wall time has microseconds, and stays in the millisecond of the wall clock", () => {
  const { clock, pass, time } = makeSource();
  expect(clock.wallNanoseconds()).toBe(1_767_225_600_000_000_000n);
  pass(0.25);
  expect(Number(clock.wallNanoseconds() % 1_000_000n)).toBeCloseTo(250_000, -4);
  pass(1.5);
  expect(clock.wallNanoseconds() / 1_000_000n).toBe(1_767_225_600_001n);
  time.wall -= 5000;
  expect(clock.wallNanoseconds() / 1_000_000n).toBe(BigInt(Math.floor(time.wall)));
  time.wall += 60_000;
  expect(clock.wallNanoseconds() / 1_000_000n).toBe(BigInt(Math.floor(time.wall)));
});

test("wall time goes back only with the wall clock", () => {
  const { clock, pass } = makeSource();
  let before = clock.wallNanoseconds();
  for (let i = 0; i < 2000; i++) {
    pass(0.3);
    const now = clock.wallNanoseconds();
    expect(now).toBeGreaterThanOrEqual(before);
    before = now;
  }
});

test("every does not drift, however late its callbacks are", () => {
  const { clock, pass } = makeSource();
  const onTime = vi.fn();
  clock.every(1000, onTime);
  for (let i = 0; i < 10; i++) {
    pass(vi.getTimerCount() > 0 ? 1000 : 0);
    vi.advanceTimersToNextTimer();
    pass(3);
  }
  const next = vi.fn();
  clock.after(1, next);
  expect(onTime).toHaveBeenCalledTimes(10);
});

test("after a stall, every fires once and continues", () => {
  const { clock, pass } = makeSource();
  const onTime = vi.fn();
  clock.every(1000, onTime);
  pass(3700);
  vi.advanceTimersByTime(1000);
  expect(onTime).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(299);
  expect(onTime).toHaveBeenCalledTimes(1);
  pass(300);
  vi.advanceTimersByTime(1);
  expect(onTime).toHaveBeenCalledTimes(2);
});

test("a timer can be cancelled before, after and inside its own callback", () => {
  const { clock, pass } = makeSource();
  const callback = vi.fn();
  clock.after(10, callback).cancel();
  const timer = clock.every(10, () => {
    callback();
    timer.cancel();
  });
  for (let i = 0; i < 3; i++) {
    pass(10);
    vi.advanceTimersByTime(10);
  }
  timer.cancel();
  expect(callback).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("a delay longer than Node's timers allow does not fire at once", () => {
  const { clock } = makeSource();
  const callback = vi.fn();
  clock.after(2 ** 40, callback);
  vi.advanceTimersByTime(1_000_000);
  expect(callback).not.toHaveBeenCalled();
});

test("the monotonic clock is in milliseconds", () => {
  const before = monotonicMilliseconds();
  expect(monotonicMilliseconds() - before).toBeLessThan(1000);
  expect(monotonicMilliseconds()).toBeGreaterThanOrEqual(before);
});
