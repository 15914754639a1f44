// Staying connected to systemd: signals first, then the list; the tree of control groups while there is no bus.

import { describe, expect, it } from "vitest";
import type { BusListener, ListedUnit, SystemdBus } from "../../../agent/modules/systemd/bus.ts";
import { Following } from "../../../agent/modules/systemd/follow.ts";
import { makeLog } from "../../fakes/log.ts";
import { dead, lives, makeWorld, running, settle } from "./world.ts";

const A = "a.service";
const [RUN, END] = [1, 4];
const ADDRESS = "unix:path=/b";
const WITHOUT = "services are found in the control groups, up to a second late";

/** A bus that a test opens and ends. */
function setUp() {
  const world = makeWorld();
  const log = makeLog();
  const buses: { readonly listener: BusListener; end(): void; closed: boolean }[] = [];
  const answers = {
    open: async (): Promise<void> => undefined,
    list: async (): Promise<readonly ListedUnit[]> => [],
  };
  let settledTimes = 0;
  async function openBus(_: string, listener: BusListener): Promise<SystemdBus> {
    await answers.open();
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const bus = { listener, end, closed: false };
    buses.push(bus);
    return {
      ended,
      list: () => answers.list(),
      describe: async (listed) => ({ ...listed, pid: 7, invocation: "aa", startedAt: 0 }),
      cpuTime: async () => undefined,
      groupId: async () => undefined,
      close() {
        bus.closed = true;
        end();
      },
    };
  }
  const start = () =>
    new Following({
      ...{ address: ADDRESS, openBus, log, listEvery: 60_000 },
      ...{ tree: world.tree, services: world.services, clock: world.host.clock },
      settled: () => settledTimes++,
    });
  const listed = { unit: A, active: "active", sub: "running" };
  return { ...world, world, log, buses, answers, start, listed, settledTimes: () => settledTimes };
}

const noBus = () => Promise.reject(Object.assign(new Error("connect ENOENT /b"), { code: "ENOENT" }));

describe("a bus that is there", () => {
  it("gives the services of its list, and those of signals", async () => {
    const { world, run, answers, listed, start, buses, log, settledTimes } = setUp();
    run(A, 7, 10);
    answers.list = async () => [listed, { unit: "b.service", active: "active", sub: "exited" }];
    const following = start();
    await settle();
    run("c.service", 9, 1);
    buses[0]?.listener.onState(running("c.service", { pid: 9, invocation: "cc" }));
    buses[0]?.listener.onState(dead("c.service", { invocation: "cc" }));
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      ["c.service", RUN, 1],
      ["c.service", END, 1],
    ]);
    expect(following.counters).toEqual({ connections: 1, signals: 2, lists: 1 });
    expect(log.lines).toEqual([
      `info: following systemd on ${ADDRESS}`,
      "debug 2: c.service: active (running), process 9, cc",
      "debug 2: c.service: inactive (dead), process 0, cc",
    ]);
    expect([following.obstacle, settledTimes()]).toEqual([undefined, 1]);
    following.stop();
    expect(buses[0]?.closed).toBe(true);
  });

  it("is asked for its list every now and then, and when systemd has read its files again", async () => {
    const { host, start, buses } = setUp();
    const following = start();
    await settle();
    host.clock.advance(60);
    buses[0]?.listener.onReload();
    await settle();
    expect(following.counters.lists).toBe(3);
  });

  it("that goes is replaced by the tree, and followed again with all that happened meanwhile", async () => {
    const { world, host, run, exit, answers, listed, start, buses, log } = setUp();
    run(A, 7, 10);
    answers.list = async () => [listed];
    const following = start();
    await settle();
    answers.open = noBus;
    buses[0]?.end();
    await settle();
    expect(following.obstacle).toBe(`${ADDRESS}: the connection to the bus was closed; ${WITHOUT}`);
    run("b.service", 8, 20);
    host.clock.advance(1);
    await settle();
    exit("b.service", 8);
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      ["b.service", RUN, 20],
      ["b.service", END, 20],
    ]);
    answers.open = async () => undefined;
    answers.list = async () => [];
    host.clock.advance(5);
    await settle();
    expect(lives(world).at(-1)).toEqual([A, END, 10]);
    expect(log.lines).toEqual([
      `info: following systemd on ${ADDRESS}`,
      `warn: ${ADDRESS}: the connection to the bus was closed; ${WITHOUT}`,
      `warn: ${ADDRESS}: no bus there; ${WITHOUT}`,
      `info: following systemd on ${ADDRESS}`,
    ]);
  });

  it("whose list fails is left, and tried again", async () => {
    const { host, answers, start, buses, log } = setUp();
    answers.list = () => Promise.reject(new Error("no answer for 10 s"));
    const following = start();
    await settle();
    expect(buses[0]?.closed).toBe(true);
    expect(log.lines).toEqual([`warn: ${ADDRESS}: no answer for 10 s; ${WITHOUT}`]);
    answers.list = async () => [];
    host.clock.advance(1);
    await settle();
    expect(following.counters.connections).toBe(1);
  });
});

describe("no bus", () => {
  it("gives a run the same identity as a bus does: the invocation that systemd publishes", async () => {
    const { world, host, run, answers, start } = setUp();
    const invocation = "0123456789abcdef0123456789abcdef";
    host.files.links[`/run/systemd/units/invocation:${A}`] = invocation;
    answers.open = noBus;
    run(A, 7, 10);
    const following = start();
    await settle();
    const uuid = Buffer.from(new Uint8Array(16).fill(A.length)).toString("hex");
    expect(world.samples).toMatchObject([{ subject: `${uuid} ${invocation.slice(0, 16)} systemd` }]);
    following.stop();
  });

  it("is said once, and services are found within a second", async () => {
    const { world, host, run, remove, answers, start, log, settledTimes } = setUp();
    answers.open = noBus;
    const following = start();
    await settle();
    run(A, 7, 10);
    for (let second = 0; second < 20; second++) {
      host.clock.advance(1);
      await settle();
    }
    expect(lives(world)).toEqual([[A, RUN, 10]]);
    remove(A);
    host.clock.advance(1);
    expect(lives(world).at(-1)).toEqual([A, END, 10]);
    expect(log.lines).toEqual([`warn: ${ADDRESS}: no bus there; ${WITHOUT}`]);
    expect(settledTimes()).toBeGreaterThan(1);
    following.stop();
    expect(host.clock.timers).toBe(0);
  });
});
