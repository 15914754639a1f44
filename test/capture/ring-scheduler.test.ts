// When readers are woken by their sockets, and when they are read in rounds.

import { describe, expect, it } from "vitest";
import { AT_ONCE, type Pace } from "../../agent/capture/pace.ts";
import { type Reader, RingScheduler } from "../../agent/capture/ring-scheduler.ts";
import { makeFakeClock } from "../fakes/clock.ts";

function set(pace = AT_ONCE) {
  const clock = makeFakeClock();
  const watches = new Map<number, () => void>();
  const watch = (fd: number, onReadable: () => void) => {
    watches.set(fd, onReadable);
    return { close: () => void watches.delete(fd) };
  };
  const turns = new RingScheduler({ watch }, clock, pace);
  const reads: number[] = [];
  const found = new Map<number, number>();
  const reader = (fd: number): Reader => ({
    fd,
    lasts: () => 109,
    read: () => {
      reads.push(fd);
      return found.get(fd) ?? 0;
    },
  });
  return { clock, watches, turns, reads, found, reader, wake: (fd: number) => watches.get(fd)?.() };
}

it("reads at once while wake-ups are rare", () => {
  const { clock, watches, turns, reads, found, reader, wake } = set();
  turns.add(reader(5));
  found.set(5, 1);
  for (let i = 0; i < 5; i++) {
    wake(5);
    clock.advance(0.05);
  }
  expect([reads.length, watches.size, clock.timers]).toEqual([5, 1, 0]);
});

it("reads busy readers in rounds, by one timer, until their rings are empty", () => {
  const { clock, watches, turns, reads, found, reader, wake } = set();
  for (const fd of [5, 6, 7]) turns.add(reader(fd));
  for (const fd of [5, 6, 5, 6]) {
    found.set(fd, 1);
    wake(fd);
  }
  expect([[...watches.keys()], clock.timers]).toEqual([[7], 1]);
  reads.length = 0;
  clock.advance(0.05);
  expect(reads).toEqual([5, 6, 5, 6, 5, 6, 5, 6, 5, 6]);
  found.set(6, 0);
  clock.advance(0.05);
  expect([...watches.keys()].sort()).toEqual([6, 7]);
  found.set(5, 0);
  clock.advance(0.05);
  expect([[...watches.keys()].sort(), clock.timers]).toEqual([[5, 6, 7], 0]);
  found.set(5, 1);
  wake(5);
  expect(reads.at(-1)).toBe(5);
});

it("reads half as often if the rings are less than a tenth full", () => {
  const { clock, turns, reads, found, reader, wake } = set();
  turns.add(reader(5));
  const readsWhere = (share: number): number => {
    found.set(5, share);
    clock.advance(0.1);
    reads.length = 0;
    clock.advance(1);
    return reads.length;
  };
  found.set(5, 1);
  for (let i = 0; i < 2; i++) wake(5);
  expect([readsWhere(0.09), readsWhere(0.2), readsWhere(0.01)]).toEqual([50, 100, 50]);
});

it("goes on at once with a reader that was not read to its end", () => {
  const { clock, turns, reads, found, reader, wake } = set();
  turns.add(reader(5));
  found.set(5, 2);
  for (let i = 0; i < 2; i++) wake(5);
  clock.advance(0.01);
  reads.length = 0;
  clock.advance(0.01);
  expect(reads).toHaveLength(10);
});

it("leaves the other readers to further turns after 5 ms of a round", () => {
  const { clock, turns, reads, found, reader, wake } = set();
  let milliseconds = 0;
  const slow = (fd: number): Reader => {
    const { read, ...rest } = reader(fd);
    const readSlowly = (): number => {
      clock.stall(milliseconds / 1000);
      return read();
    };
    return { ...rest, read: readSlowly };
  };
  const fds = [5, 6, 7, 8];
  for (const fd of fds) {
    turns.add(slow(fd));
    found.set(fd, 0.5);
  }
  for (const fd of [...fds, ...fds]) wake(fd);
  reads.length = 0;
  milliseconds = 3;
  clock.advance(0.01);
  expect(reads).toEqual([5, 6]);
  clock.advance(0.01);
  expect(reads).toEqual([5, 6, 7, 8]);
});

it("stops reading a reader that is removed, even during its read", () => {
  const { clock, watches, turns, reads, reader, wake } = set();
  const own: Reader = {
    fd: 5,
    lasts: () => 109,
    read: () => {
      turns.remove(own);
      return 1;
    },
  };
  turns.add(own);
  wake(5);
  const busy = reader(6);
  turns.add(busy);
  const leaving: Reader = {
    fd: 7,
    lasts: () => 109,
    read: () => {
      if (reads.push(7) > 4) turns.remove(leaving);
      return 1;
    },
  };
  turns.add(leaving);
  for (let i = 0; i < 2; i++) wake(7);
  clock.advance(1);
  turns.remove(busy);
  expect([watches.size, clock.timers]).toEqual([0, 0]);
});

describe("samples that may wait", () => {
  function calm(lasts = 109) {
    const rounds: boolean[] = [];
    const pace: Pace = { isUrgent: false, round: (read) => void rounds.push(read()) };
    const bench = set(pace);
    const reader = (fd: number): Reader => ({ ...bench.reader(fd), lasts: () => lasts });
    return { ...bench, reader, rounds };
  }

  it("are read together, ten times a second, and sent with the round", () => {
    const { clock, watches, turns, reads, found, reader, wake, rounds } = calm(200);
    for (const fd of [5, 6]) {
      turns.add(reader(fd));
      found.set(fd, 0.001);
      wake(fd);
    }
    expect([reads.length, watches.size, clock.timers]).toEqual([0, 0, 1]);
    clock.advance(1.01);
    expect(reads.length).toBe(2 * 11);
    expect(rounds).toEqual(new Array(11).fill(true));
  });

  it("wake no one once the rings are empty", () => {
    const { clock, watches, turns, found, reader, wake } = calm();
    turns.add(reader(5));
    found.set(5, 0.001);
    wake(5);
    clock.advance(0.05);
    found.set(5, 0);
    clock.advance(0.3);
    expect([watches.size, clock.timers]).toEqual([1, 0]);
  });

  it("wait for less than a small ring lasts", () => {
    const { clock, turns, reads, found, reader, wake } = calm(50);
    turns.add(reader(5));
    found.set(5, 0.001);
    wake(5);
    clock.advance(0.01);
    reads.length = 0;
    clock.advance(1);
    expect(reads.length).toBe(24);
  });

  it("do not wait while rings fill up, and are not sent with each round", () => {
    const { clock, turns, reads, found, reader, wake, rounds } = calm();
    turns.add(reader(5));
    found.set(5, 0.09);
    wake(5);
    clock.advance(0.01);
    reads.length = 0;
    rounds.length = 0;
    clock.advance(0.2);
    expect([reads.length, rounds.includes(true)]).toEqual([10, false]);
  });
});
