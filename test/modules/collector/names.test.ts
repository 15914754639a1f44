// The address behind a name: how often it is asked for, and what of the answer is used.

import { expect, test } from "vitest";
import { limit } from "../../../agent/log/limit.ts";
import { chooseAddress } from "../../../agent/modules/collector/address-choice.ts";
import { followName } from "../../../agent/modules/collector/names.ts";
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
  const choice = chooseAddress((bytes) => addresses.push(showAddress(bytes)));
  const followed = followName("sink", { resolve, clock }, limit(log, clock), choice);
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  /** A second at a time, so that an answer comes at the second it was asked for. */
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

test("without an answer it is asked for again after 1, 2, 4 ... 60 seconds, and said once a minute", async () => {
  const { asked, log, pass, addresses } = follow(() => new Error("ENOTFOUND"));
  await pass(190);
  expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
  expect(addresses).toEqual([]);
  expect(log.lines[0]).toBe("warn: sink cannot be resolved: ENOTFOUND; trying again");
  expect(log.lines).toHaveLength(4);
});

test("with one it is asked for every five minutes, and a failure then counts as the first", async () => {
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

test("an answer without a usable address is none", async () => {
  const { log, pass, addresses } = follow(() => ["fe80::1%eth0"]);
  await pass(1);
  expect(addresses).toEqual([]);
  expect(log.lines).toEqual(["warn: sink cannot be resolved: it has no address; trying again"]);
});

test("an answer that comes after the end is not heard", async () => {
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

test("next goes round the addresses, and nowhere where there is one", async () => {
  const { choice, pass } = follow(() => ["192.0.2.1", "2001:db8::1"]);
  expect(choice.next()).toBeUndefined();
  await pass(1);
  const shown = [choice.next(), choice.next(), choice.next()].map((bytes) => bytes && showAddress(bytes));
  expect(shown).toEqual(["2001:db8::1", "192.0.2.1", "2001:db8::1"]);
});
