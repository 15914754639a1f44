// When the process gives memory back, and when it must not.

import { expect, test } from "vitest";
import { keepSmall } from "../../agent/process/memory.ts";
import { makeFakeHost } from "../fakes/host.ts";

test("soon after the start, every five minutes, and no more when it ends", () => {
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

test("never where the collector may not be asked", () => {
  const host = makeFakeHost();
  keepSmall(host);
  expect(host.clock.timers).toBe(0);
});
