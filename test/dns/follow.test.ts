// When a query is repeated: after the TTL, within limits, and after a failure.

import { expect, it } from "vitest";
import { follow } from "../../agent/dns/follow.ts";
import type { Outcome } from "../../agent/dns/resolver.ts";
import { makeFakeClock } from "../fakes/clock.ts";

const SERVER = "192.0.2.53";
const found = (ttl: number, ...records: string[]): Outcome<"A"> => ({ kind: "records", records, ttl, server: SERVER });
const nothing = (ttl?: number): Outcome<"A"> => ({ kind: "none", why: "no such name", ttl, server: SERVER });
const failure: Outcome<"A"> = { kind: "failure", why: "SERVFAIL" };

function begin(...outcomes: readonly Outcome<"A">[]) {
  const clock = makeFakeClock();
  const start = clock.uptime();
  const asked: number[] = [];
  let answered = 0;
  const ask = async (): Promise<Outcome<"A">> => {
    asked.push((clock.uptime() - start) / 1000);
    return outcomes[Math.min(asked.length, outcomes.length) - 1] ?? failure;
  };
  const followed = follow(ask, { clock, random: () => 0 }, () => void answered++);
  const pass = async (seconds: number): Promise<void> => {
    clock.advance(0);
    for (let i = 0; i < seconds; i++) {
      for (let turn = 0; turn < 3; turn++) await Promise.resolve();
      clock.advance(1);
    }
  };
  return { clock, asked, followed, pass, answered: () => answered };
}

it.each([
  ["a TTL of 0 s is 10 s", found(0, "a"), [0, 10, 20]],
  ["a TTL of 9 s is 10 s", found(9, "a"), [0, 10, 20]],
  ["a TTL of 25 s is 25 s", found(25, "a"), [0, 25]],
  ["an answer without records lasts as the zone says", nothing(20), [0, 20]],
])("%s", async (_what, outcome, times) => {
  const { asked, pass } = begin(outcome);
  await pass(29);
  expect(asked).toEqual(times);
});

it.each([
  ["a TTL of a week is an hour", found(604_800, "a"), [0, 3600]],
  ["an answer without records lasts five minutes if the zone says a week", nothing(604_800), [0, 300, 600]],
  ["an answer without records lasts a minute if the zone does not say", nothing(), [0, 60, 120]],
])("%s", async (_what, outcome, times) => {
  const { asked, pass } = begin(outcome);
  await pass(3650);
  expect(asked.slice(0, times.length)).toEqual(times);
});

it("after a failure, asks again after 1, 2, 4 ... 60 seconds, and keeps the last records", async () => {
  const { asked, followed, pass } = begin(found(10, "a"), failure);
  await pass(150);
  expect(asked).toEqual([0, 10, 11, 13, 17, 25, 41, 73, 133]);
  expect(followed).toMatchObject({ records: ["a"], outcome: failure, answeredAt: 1_000_000 });
});

it("no records are an answer, and the last records stay available", async () => {
  const { followed, pass } = begin(found(10, "a"), nothing());
  await pass(15);
  expect(followed).toMatchObject({ records: ["a"], outcome: nothing(), answeredAt: 1_010_000 });
});

it("again() sends one query at once", async () => {
  const { asked, followed, pass } = begin(found(100, "a"));
  await pass(5);
  followed.again();
  followed.again();
  await pass(100);
  expect(asked).toEqual([0, 5, 105]);
});

it("ignores an answer after stop()", async () => {
  const { clock, followed, pass, answered } = begin(found(10, "a"));
  clock.advance(0);
  followed.stop();
  await pass(30);
  expect(answered()).toBe(0);
  expect(clock.timers).toBe(0);
});
