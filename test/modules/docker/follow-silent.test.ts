// A stream of events that goes silent without an end: the agent subscribes again, and says and counts it.

import { describe, expect, it } from "vitest";
import { A, event, FOLLOWING, settle, setUp } from "./following.ts";

const START = 1_767_225_600;
const SILENT = "warn: unix:///e.sock: the stream of events had gone silent, subscribed again";

describe("every 30 seconds", () => {
  it("a new stream begins with the last event, and replaces the one before", async () => {
    const { clock, log, streams, start } = setUp();
    const following = start();
    await settle();
    streams[0]?.onEvent(event(START + 10));
    clock.advance(30);
    await settle();
    expect(streams[1]?.since).toBeCloseTo(START + 10, 4);
    expect(streams.map(({ closed }) => closed)).toEqual([true, false]);
    streams[0]?.end();
    clock.advance(30);
    await settle();
    expect(streams.map(({ closed }) => closed)).toEqual([true, true, false]);
    expect(following.counters).toMatchObject({ connections: 1, silent: 0 });
    expect(log.lines).toEqual([FOLLOWING]);
  });

  it("an engine that does not accept a new stream is connected to again", async () => {
    const { clock, log, answers, start } = setUp();
    start();
    await settle();
    answers.events = () => Promise.reject(new Error("the engine does not answer"));
    clock.advance(30);
    await settle();
    expect(log.lines.at(-1)).toBe("warn: unix:///e.sock: the engine does not answer, trying again every second");
  });
});

describe("a new stream", () => {
  it("that begins with overdue events shows that the old one was silent, until a period without", async () => {
    const { clock, log, streams, heard, answers, start } = setUp();
    const asked: number[] = [];
    answers.ended = async (since) => {
      asked.push(since);
      return [];
    };
    const following = start();
    await settle();
    streams[0]?.onEvent(event(START + 1));
    clock.advance(30);
    await settle();
    for (const time of [START + 1, START + 5, START + 6]) streams[1]?.onEvent(event(time));
    await settle();
    expect(following.counters).toMatchObject({ connections: 1, events: 4, lists: 2, silent: 1 });
    expect(asked).toEqual([START]);
    expect(heard.at(-1)).toBe("0 ended");
    expect(following.state.obstacle).toBe(SILENT.slice("warn: ".length));
    expect(following.state.remedy).toContain("proxy");
    for (let period = 0; period < 2; period++) {
      clock.advance(30);
      await settle();
    }
    expect(log.lines).toEqual([FOLLOWING, SILENT, FOLLOWING]);
    expect(following.state.obstacle).toBeUndefined();
  });

  it("that begins with events of the last two seconds shows nothing: they were on their way", async () => {
    const { clock, streams, start } = setUp();
    const following = start();
    await settle();
    clock.advance(30);
    await settle();
    streams[1]?.onEvent(event(START + 29));
    expect(following.counters.silent).toBe(0);
  });
});

describe("a container that only a list has", () => {
  it("shows a silent stream if it started since the connection, and its event is overdue", async () => {
    const { clock, streams, start } = setUp();
    const following = start();
    await settle();
    clock.advance(10);
    following.onUnannounced(START - 1);
    following.onUnannounced(START + 9);
    expect(following.counters.silent).toBe(0);
    following.onUnannounced(START + 5);
    await settle();
    expect(following.counters).toMatchObject({ silent: 1, lists: 2 });
    expect(streams).toHaveLength(2);
    following.onUnannounced(START + 6);
    expect(following.counters.silent).toBe(1);
  });

  it("shows nothing after a stop", async () => {
    const { clock, log, start } = setUp();
    const following = start();
    await settle();
    following.stop();
    clock.advance(10);
    following.onUnannounced(START + 5);
    expect(log.lines).toEqual([FOLLOWING]);
  });
});

it("lists come with every new stream as long as events do not arrive", async () => {
  const { clock, answers, heard, start } = setUp();
  answers.list = async () => [{ id: A, name: "web", state: "running" }];
  const following = start();
  await settle();
  clock.advance(10);
  following.onUnannounced(START + 5);
  await settle();
  const before = heard.length;
  clock.advance(20);
  await settle();
  expect(heard.length).toBe(before + 1);
});
