// Resolving a collector's host name: how often, and which address of the answer is used.

import { expect, test } from "vitest";
import { limit } from "../../../agent/log/limit.ts";
import { AddressChoice } from "../../../agent/modules/collector/address-choice.ts";
import { FollowedName } from "../../../agent/modules/collector/followed-name.ts";
import { showAddress } from "../../../agent/sflow/address.ts";
import { makeFakeClock } from "../../fakes/clock.ts";
import { makeLog } from "../../fakes/log.ts";

type Answer = readonly string[] | Error;

function follow(answer: () => Answer | Promise<readonly string[]>) {
  const clock = makeFakeClock();
  const log = makeLog();
  const asked: number[] = [];
  const addresses: string[] = [];
  const begin = clock.uptime();
  const resolve = async () => {
    asked.push((clock.uptime() - begin) / 1000);
    const given = await answer();
    if (given instanceof Error) throw given;
    return given;
  };
  const choice = new AddressChoice((bytes) => addresses.push(showAddress(bytes)));
  const followed = new FollowedName("sink", { resolve, clock }, limit(log, clock), choice);
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  /** Advances a second at a time, so that an answer comes in the second of its question. */
  const pass = async (seconds: number) => {
    clock.advance(0);
    await settle();
    for (let i = 0; i < seconds; i++) {
      clock.advance(1);
      await settle();
    }
  };
  return { clock, log, asked, addresses, choice, followed, pass };
}

test("resolves again after 1, 2, 4 ... 60 seconds while it fails, and logs that once a minute", async () => {
  const { asked, log, pass, addresses } = follow(() => new Error("ENOTFOUND"));
  await pass(190);
  expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
  expect(addresses).toEqual([]);
  expect(log.lines[0]).toBe("warn: sink does not resolve: ENOTFOUND; trying again");
  expect(log.lines).toHaveLength(4);
});

test("resolves every five minutes after a success, and starts the back-off from the beginning", async () => {
  let answer: Answer = ["192.0.2.1"];
  const { asked, pass, addresses } = follow(() => answer);
  await pass(300);
  answer = new Error("EAI_AGAIN");
  await pass(301);
  answer = ["192.0.2.1"];
  await pass(310);
  expect(asked).toEqual([0, 300, 600, 601, 603, 903]);
  expect(addresses).toEqual(["192.0.2.1"]);
});

test("treats an answer without a usable address as a failure", async () => {
  const { log, pass, addresses } = follow(() => ["fe80::1%eth0"]);
  await pass(1);
  expect(addresses).toEqual([]);
  expect(log.lines).toEqual(["warn: sink does not resolve: no usable address; trying again"]);
});

test("ignores an answer that comes after stop", async () => {
  let answer: (addresses: readonly string[]) => void = () => undefined;
  const { followed, clock, pass, addresses } = follow(
    () =>
      new Promise((settle) => {
        answer = settle;
      }),
  );
  await pass(1);
  followed.stop();
  answer(["192.0.2.1"]);
  await pass(1);
  expect(addresses).toEqual([]);
  expect(clock.timers).toBe(0);
});

test("next goes round the addresses, and returns undefined before there are any", async () => {
  const { choice, pass } = follow(() => ["192.0.2.1", "2001:db8::1"]);
  expect(choice.next()).toBeUndefined();
  await pass(1);
  const shown = [choice.next(), choice.next(), choice.next()].map((bytes) => bytes && showAddress(bytes));
  expect(shown).toEqual(["2001:db8::1", "192.0.2.1", "2001:db8::1"]);
});
