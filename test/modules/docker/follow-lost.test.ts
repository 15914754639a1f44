// After a reconnect, the agent requests the exited containers whose events may be lost.

import { describe, expect, it } from "vitest";
import { A, event, FOLLOWING, settle, setUp } from "./following.ts";

describe("the list of exited containers", () => {
  const gone = [
    { id: A, name: "web", hostname: "web", pid: 0, state: "exited", cpus: undefined, startedAt: 1_767_225_606 },
  ];

  it("is requested once after each reconnect, and not after the first connection", async () => {
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

  it("is requested again from the same time on if the connection is lost before the answer", async () => {
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
