// When the process trims its memory, and when it does not.

import { expect, test } from "vitest";
import { keepSmall } from "../../agent/process/memory.ts";
import { makeFakeHost } from "../fakes/host.ts";

test("trims soon after the start and every five minutes, until it is cancelled", () => {
  const host = makeFakeHost();
  let collected = 0;
  const memory = keepSmall(host, () => collected++);
  host.clock.advance(10);
  expect([collected, host.sockets.trimmed]).toEqual([1, 1]);
  host.clock.advance(600);
  expect([collected, host.sockets.trimmed]).toEqual([3, 3]);
  memory.cancel();
  expect(host.clock.timers).toBe(0);
});

test("does nothing if Node runs without --expose-gc", () => {
  const host = makeFakeHost();
  keepSmall(host);
  expect(host.clock.timers).toBe(0);
});
