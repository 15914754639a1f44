// Pieces of work on a fake clock, in which each piece takes as long as the test says.

import { expect, test } from "vitest";
import { WorkQueue } from "../../agent/host/work-queue.ts";
import { makeFakeClock } from "../fakes/clock.ts";

function makeQueue() {
  const clock = makeFakeClock(0);
  const queue = new WorkQueue(clock);
  const ran: string[] = [];
  const add = (name: string, milliseconds: number) =>
    queue.add(() => {
      ran.push(`${name} at ${clock.uptime()}`);
      clock.stall(milliseconds / 1000);
    });
  return { clock, queue, ran, add };
}

test("pieces run at once while there is time", () => {
  const { ran, add } = makeQueue();
  for (const name of ["a", "b", "c"]) add(name, 1);
  expect(ran).toEqual(["a at 0", "b at 1", "c at 2"]);
});

test("after 5 ms of work, further pieces run in order after a pause", () => {
  const { clock, ran, add } = makeQueue();
  for (const name of ["a", "b", "c", "d"]) add(name, 3);
  expect(ran).toEqual(["a at 0", "b at 3"]);
  clock.advance(1);
  expect(ran).toEqual(["a at 0", "b at 3", "c at 11", "d at 14"]);
});

test("a piece added while others wait runs after them", () => {
  const { clock, ran, add } = makeQueue();
  add("a", 6);
  add("b", 1);
  clock.stall(1);
  add("c", 1);
  expect(ran).toEqual(["a at 0"]);
  clock.advance(0.1);
  expect(ran.map((text) => text[0])).toEqual(["a", "b", "c"]);
});

test("idle resolves when all have run, and at once if none waits", async () => {
  const { clock, queue, ran, add } = makeQueue();
  await queue.idle();
  for (const name of ["a", "b", "c", "d"]) add(name, 20);
  let idle = false;
  const waiting = queue.idle().then(() => {
    idle = true;
  });
  expect(idle).toBe(false);
  clock.advance(1);
  await waiting;
  expect(ran).toHaveLength(4);
});

test("clear discards what waits", () => {
  const { clock, queue, ran, add } = makeQueue();
  for (const name of ["a", "b"]) add(name, 20);
  queue.clear();
  clock.advance(1);
  expect(ran).toEqual(["a at 0"]);
});

test("an exception in a piece does not stop the pieces after it", () => {
  const { clock, queue, ran, add } = makeQueue();
  add("a", 20);
  // Runs after the pause.
  queue.add(() => {
    throw new Error("no");
  });
  add("b", 1);
  expect(() => clock.advance(1)).toThrow("no");
  clock.advance(1);
  expect(ran.map((text) => text[0])).toEqual(["a", "b"]);
});

test("queues of one clock share the time, and take turns", () => {
  const { clock, ran, add } = makeQueue();
  const other = new WorkQueue(clock);
  for (const name of ["a", "b", "c"]) add(name, 5);
  other.add(() => void ran.push(`other at ${clock.uptime()}`));
  expect(ran).toEqual(["a at 0"]);
  clock.advance(0.011);
  expect(ran).toEqual(["a at 0", "b at 10"]);
  clock.advance(0.1);
  expect(ran).toEqual(["a at 0", "b at 10", "other at 20", "c at 20"]);
});

test("a task goes on while there is time, and then waits", async () => {
  const { clock, queue } = makeQueue();
  const steps: string[] = [];
  function* work(): Generator<undefined, string> {
    for (const name of ["a", "b", "c", "d"]) {
      steps.push(`${name} at ${clock.uptime()}`);
      clock.stall(0.003);
      yield;
    }
    return "done";
  }
  const done = queue.finish(work());
  expect(steps).toEqual(["a at 0", "b at 3"]);
  clock.advance(0.004);
  expect(steps).toHaveLength(2);
  const passing = setInterval(() => clock.advance(0.001), 1);
  expect(await done).toBe("done");
  clearInterval(passing);
  expect(steps).toHaveLength(4);
});

test("of waiting tasks, each has a turn of the event loop of its own", async () => {
  const { clock, queue, add } = makeQueue();
  add("a", 20);
  const turns: number[] = [];
  let turn = 0;
  const count = (): void => {
    turn++;
    if (turns.length < 3) setImmediate(count);
  };
  setImmediate(count);
  const tasks = [1, 2, 3].map(async () => {
    await queue.next();
    turns.push(turn);
  });
  const passing = setInterval(() => clock.advance(0.001), 1);
  await Promise.all(tasks);
  clearInterval(passing);
  expect(new Set(turns).size).toBe(3);
});

test("a task among waiting pieces goes on to the end of its slice", async () => {
  const { clock, queue, add } = makeQueue();
  const other = new WorkQueue(clock);
  for (let i = 0; i < 20; i++) add("piece", 5);
  let slices = 0;
  const task = (async () => {
    for (let step = 0; step < 20; step++) {
      const turn = other.next();
      if (turn !== undefined) {
        slices++;
        await turn;
      }
      clock.stall(0.001);
    }
  })();
  const passing = setInterval(() => clock.advance(0.001), 1);
  await task;
  clearInterval(passing);
  queue.clear();
  expect(slices).toBeLessThanOrEqual(6);
});
