// Watches: who is called for which number, and what an event that comes too late does.

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

test("asks again after each callback", () => {
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

test("a watch that closes itself is not asked for again", () => {
  const { watches, armed, disarmed, tell } = makeRecorder();
  const watch = watches.open(5, () => watch.close());
  tell(1);
  tell(1);
  expect(armed).toHaveLength(1);
  expect(disarmed).toEqual([5]);
});

test("a closed descriptor whose number is used again gets no event of the old one", () => {
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

test("a callback that throws is heard of, and asked again", () => {
  const { watches, armed, tell } = makeRecorder();
  watches.open(5, () => {
    throw new Error("boom");
  });
  expect(() => tell(1)).toThrow("boom");
  expect(armed).toHaveLength(2);
});

test("a second watch of a descriptor and one the kernel refuses throw", () => {
  const { watches } = makeRecorder();
  watches.open(5, () => {});
  expect(() => watches.open(5, () => {})).toThrow(/EEXIST/);
  expect(() => watches.open(666, () => {})).toThrow(/EBADF.*epoll_ctl/);
  expect(() => watches.open(666, () => {})).toThrow(/EBADF.*epoll_ctl/);
});
