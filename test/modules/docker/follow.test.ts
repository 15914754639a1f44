// Staying connected to an engine that is absent, hangs, closes the connection or returns.

import { describe, expect, it } from "vitest";
import type { ListedContainer } from "../../../agent/modules/docker/answers.ts";
import { A, errno, event, FOLLOWING, GONE, settle, setUp } from "./following.ts";

describe("a running engine", () => {
  it("is asked for events first, then for its list", async () => {
    const { log, streams, heard, answers, start } = setUp();
    answers.list = async () => {
      streams[0]?.onEvent(event(undefined));
      return [{ id: A, name: "web", state: "running" }];
    };
    const following = start();
    await settle();
    expect(heard).toEqual(["start", "list of 1"]);
    expect(log.lines).toEqual([FOLLOWING]);
    expect(following.counters).toEqual({ connections: 1, events: 1, lists: 1, silent: 0 });
    expect(following.state.obstacle).toBeUndefined();
  });

  it("is asked for its list every two minutes, and disconnected if it does not answer", async () => {
    const { clock, log, streams, heard, answers, start } = setUp();
    start();
    await settle();
    clock.advance(240);
    await settle();
    expect(heard).toEqual(["list of 0", "list of 0", "list of 0"]);
    answers.list = () => Promise.reject(new Error("the engine does not answer"));
    clock.advance(120);
    await settle();
    expect(streams[0]?.closed).toBe(true);
    expect(log.lines.at(-1)).toBe("warn: unix:///e.sock: the engine does not answer, trying again every second");
  });
});

describe("an engine that closes the connection", () => {
  it("is asked for events from the last one on, and is logged once", async () => {
    const { clock, log, streams, start } = setUp();
    const following = start();
    await settle();
    for (const time of [1_767_225_605, 1_767_225_604, undefined]) streams[0]?.onEvent(event(time));
    clock.advance(5);
    streams[0]?.end();
    await settle();
    expect(following.state.obstacle).toBe(GONE.slice("warn: ".length));
    clock.advance(0.05);
    await settle();
    expect(streams[1]?.since).toBeCloseTo(1_767_225_605, 5);
    expect(streams[1]?.since).toBeLessThan(1_767_225_605);
    expect(log.lines).toEqual([FOLLOWING, GONE, FOLLOWING]);
    expect(following).toMatchObject({ state: { obstacle: undefined }, counters: { connections: 2 } });
  });

  it("is asked for events from now on if the clock was set back since its last event", async () => {
    const { clock, streams, start } = setUp();
    start();
    await settle();
    clock.advance(5);
    streams[0]?.onEvent(event(1_767_229_200));
    streams[0]?.end();
    await settle();
    clock.advance(0.05);
    await settle();
    expect(streams[1]?.since).toBeCloseTo(1_767_225_605, 5);
  });

  it("before its list is connected to again, after the old subscription is closed", async () => {
    const { clock, streams, heard, answers, start } = setUp();
    answers.list = () => Promise.reject(new Error("socket hang up"));
    start();
    await settle();
    expect(streams).toMatchObject([{ closed: true }]);
    answers.list = async () => [];
    clock.advance(0.05);
    await settle();
    expect(heard).toEqual(["list of 0"]);
  });

  it("during its list is connected to again at once, and a late answer of the old list is ignored", async () => {
    const { clock, log, streams, heard, answers, start } = setUp();
    let answer = (_: readonly ListedContainer[]): void => undefined;
    answers.list = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    start();
    await settle();
    streams[0]?.end();
    await settle();
    expect(log.lines).toEqual(["warn: unix:///e.sock: the engine closed the connection, trying again every second"]);
    answers.list = async () => [];
    clock.advance(0.05);
    await settle();
    expect(streams).toHaveLength(2);
    expect(log.lines.at(-1)).toBe(FOLLOWING);
    answer([]);
    await settle();
    expect(heard).toEqual(["list of 0", "list of 0"]);
  });
});

describe("an engine that is absent", () => {
  it.each([
    ["ENOENT", "the socket does not exist"],
    ["EACCES", "permission denied"],
    ["ECONNREFUSED", "connection refused"],
    ["ETIMEDOUT", "ETIMEDOUT"],
  ])("%s is logged once, and a connection is tried every second without end", async (code, reason) => {
    const { clock, log, streams, answers, start } = setUp();
    let attempts = 0;
    answers.events = () => {
      attempts++;
      return Promise.reject(errno(code));
    };
    const following = start();
    await settle();
    for (let second = 0; second < 60; second++) {
      clock.advance(1);
      await settle();
    }
    expect(attempts).toBeGreaterThanOrEqual(60);
    expect(attempts).toBeLessThan(70);
    const message = `unix:///e.sock: ${reason}, trying again every second`;
    expect(log.lines).toEqual([`warn: ${message}`]);
    expect(following.state.obstacle).toBe(message);
    answers.events = async () => undefined;
    clock.advance(1);
    await settle();
    expect(streams).toHaveLength(1);
    expect(following.state.obstacle).toBeUndefined();
  });

  it("for an hour leaves one timer and one line in the log, and is asked for all events since the last", async () => {
    const { clock, log, streams, answers, start } = setUp();
    start();
    await settle();
    clock.advance(5);
    streams[0]?.onEvent(event(1_767_225_605));
    answers.events = () => Promise.reject(errno("ECONNREFUSED"));
    streams[0]?.end();
    await settle();
    for (let second = 0; second < 3600; second++) {
      clock.advance(1);
      await settle();
    }
    expect(clock.timers).toBe(1);
    expect(log.lines).toEqual([FOLLOWING, GONE, "warn: unix:///e.sock: connection refused, trying again every second"]);
    answers.events = async () => undefined;
    clock.advance(1);
    await settle();
    expect(streams[1]?.since).toBeCloseTo(1_767_225_605, 5);
    expect(log.lines.at(-1)).toBe(FOLLOWING);
  });
});

describe("a stop of the agent", () => {
  it("closes the subscription and leaves no timer", async () => {
    const { clock, log, streams, start } = setUp();
    const following = start();
    await settle();
    following.stop();
    streams[0]?.end();
    await settle();
    expect(streams).toMatchObject([{ closed: true }]);
    expect(clock.timers).toBe(0);
    expect(log.lines).toEqual([FOLLOWING]);
  });

  it.each(["events", "list"] as const)("while it waits for the %s closes the subscription later", async (what) => {
    const { clock, log, streams, heard, answers, start } = setUp();
    let go = (): void => undefined;
    const waited = new Promise<void>((resolve) => {
      go = resolve;
    });
    if (what === "events") answers.events = () => waited;
    else answers.list = () => waited.then(() => []);
    const following = start();
    await settle();
    following.stop();
    go();
    await settle();
    expect(streams).toMatchObject([{ closed: true }]);
    expect(clock.timers).toBe(0);
    expect([...heard, ...log.lines]).toEqual([]);
  });
});
