// One agent at a time sends with an agent address and sub-agent.

import { expect, it } from "vitest";
import { Identity } from "../../agent/run/identity.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { makeLog } from "../fakes/log.ts";

const addressOf = (last: number) => ({ bytes: Uint8Array.of(192, 0, 2, last), device: undefined });
const ONE = "192.0.2.1, sub-agent 7";

/** An identity of this process, beside the names that other agents have. */
function begin(...others: string[]) {
  const taken = new Set(others);
  const own = new Set<string>();
  const sends: (string | undefined)[] = [];
  const clock = makeFakeClock();
  const log = makeLog();
  const claim = (name: string) => {
    if (taken.has(name)) return { taken: true, release: () => undefined };
    own.add(name);
    return { taken: false, release: () => void own.delete(name) };
  };
  const identity = new Identity(claim, clock, log, (address) => sends.push(address?.bytes.join(".")));
  return { identity, taken, own, sends, clock, log };
}

it("is claimed before anything is sent, and given up for the next one and at the end", () => {
  const { identity, own, sends } = begin();
  identity.take(addressOf(1), 7);
  expect([...own]).toEqual([ONE]);
  identity.take(addressOf(1), 8);
  identity.take(addressOf(2), 8);
  expect([...own]).toEqual(["192.0.2.2, sub-agent 8"]);
  expect(sends).toEqual(["192.0.2.1", "192.0.2.1", "192.0.2.2"]);
  identity.take(undefined, 8);
  expect([...own]).toEqual([]);
  expect(sends.at(-1)).toBeUndefined();
});

it("of another agent silences this one, until the other ends", () => {
  const { identity, taken, own, sends, clock, log } = begin(ONE);
  identity.take(addressOf(1), 7);
  expect(sends).toEqual([undefined]);
  expect(identity.obstacle).toBe(`another agent on this host sends as ${ONE}`);
  expect(log.lines).toEqual([expect.stringMatching(/^error: .*: nothing is sent until it ends; .*subAgentId.*$/)]);
  clock.advance(5);
  expect(log.lines).toHaveLength(1);
  taken.clear();
  clock.advance(1);
  expect([...own]).toEqual([ONE]);
  expect([sends.at(-1), identity.obstacle, clock.timers]).toEqual(["192.0.2.1", undefined, 0]);
});

it("that was not free is not claimed after another one was chosen", () => {
  const { identity, taken, own, clock } = begin(ONE);
  identity.take(addressOf(1), 7);
  identity.take(addressOf(2), 7);
  taken.clear();
  clock.advance(2);
  expect([...own]).toEqual(["192.0.2.2, sub-agent 7"]);
  identity.release();
  expect([own.size, clock.timers]).toEqual([0, 0]);
});

it("is not looked at if second agents are allowed", () => {
  const sends: unknown[] = [];
  const identity = new Identity(undefined, makeFakeClock(), makeLog(), (address) => sends.push(address));
  identity.take(addressOf(1), 7);
  expect([sends, identity.obstacle]).toEqual([[addressOf(1)], undefined]);
});
