// Watches: the callback of each number, and events that come too late.

import { expect, test, vi } from "vitest";
import { makeWatches } from "../../native-shim/watch.ts";

function makeRecorder() {
  const armed: [number, number][] = [];
  const disarmed: number[] = [];
  let tell: (number: number) => void = () => {};
  const watches = makeWatches({
    watch: (onReadable) => {
      tell = onReadable;
      return 99;
    },
    arm: (_epoll, fd, number) => (fd === 666 ? -9 : armed.push([fd, number])),
    disarm: (_epoll, fd) => disarmed.push(fd),
  });
  return { watches, armed, disarmed, tell: (number: number) => tell(number) };
}

test("arms again after each callback", () => {
  const { watches, armed, tell } = makeRecorder();
  const onReadable = vi.fn();
  watches.open(5, onReadable);
  tell(1);
  tell(1);
  expect(onReadable).toHaveBeenCalledTimes(2);
  expect(armed).toEqual([
    [5, 1],
    [5, 1],
    [5, 1],
  ]);
});

test("does not arm a watch that closed itself", () => {
  const { watches, armed, disarmed, tell } = makeRecorder();
  const watch = watches.open(5, () => watch.close());
  tell(1);
  tell(1);
  expect(armed).toHaveLength(1);
  expect(disarmed).toEqual([5]);
});

test("a reused descriptor number gets no event of the closed one", () => {
  const { watches, armed, tell } = makeRecorder();
  const [old, young] = [vi.fn(), vi.fn()];
  watches.open(5, old);
  watches.closeOf(5);
  watches.open(5, young);
  tell(1);
  expect(old).not.toHaveBeenCalled();
  expect(armed).toHaveLength(2);
  tell(2);
  expect(young).toHaveBeenCalledOnce();
});

test("passes on the exception of a callback, and arms again", () => {
  const { watches, armed, tell } = makeRecorder();
  watches.open(5, () => {
    throw new Error("boom");
  });
  expect(() => tell(1)).toThrow("boom");
  expect(armed).toHaveLength(2);
});

test("throws for a second watch of a descriptor, and for one that the kernel refuses", () => {
  const { watches } = makeRecorder();
  watches.open(5, () => {});
  expect(() => watches.open(5, () => {})).toThrow(/EEXIST/);
  expect(() => watches.open(666, () => {})).toThrow(/EBADF.*epoll_ctl/);
  expect(() => watches.open(666, () => {})).toThrow(/EBADF.*epoll_ctl/);
});
