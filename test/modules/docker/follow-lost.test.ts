// What an engine did not tell before it went is asked for when it is back.

import { describe, expect, it } from "vitest";
import { A, event, FOLLOWING, settle, setUp } from "./following.ts";

describe("what an engine did not tell before it went", () => {
  const gone = [
    { id: A, name: "web", hostname: "web", pid: 0, state: "exited", cpus: undefined, startedAt: 1_767_225_606 },
  ];

  it("is asked for when it is back, once, and not at the beginning", async () => {
    const { clock, streams, heard, answers, start } = setUp();
    const asked: number[] = [];
    answers.ended = async (since) => {
      asked.push(since);
      return gone;
    };
    start();
    await settle();
    streams[0]?.onEvent(event(1_767_225_605));
    clock.advance(10);
    streams[0]?.end();
    await settle();
    clock.advance(0.05);
    await settle();
    clock.advance(120);
    await settle();
    expect(heard).toEqual(["list of 0", "start", "list of 0", "1 ended", "list of 0"]);
    expect(asked).toEqual([1_767_225_604]);
  });

  it("is asked for again where the engine goes before it answers, from the same moment on", async () => {
    const { clock, log, streams, heard, answers, start } = setUp();
    const asked: number[] = [];
    answers.ended = async (since) => {
      asked.push(since);
      if (asked.length > 1) return gone;
      streams[1]?.onEvent(event(1_767_225_608));
      throw new Error("socket hang up");
    };
    start();
    await settle();
    streams[0]?.onEvent(event(1_767_225_605));
    clock.advance(10);
    streams[0]?.end();
    for (let attempt = 0; attempt < 2; attempt++) {
      await settle();
      clock.advance(0.5);
    }
    await settle();
    expect(asked).toEqual([1_767_225_604, 1_767_225_604]);
    expect(heard.at(-1)).toBe("1 ended");
    expect(log.lines.at(-1)).toBe(FOLLOWING);
  });
});
