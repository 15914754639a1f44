// Streams with losses, repeats, reordering and restarts.

import { describe, expect, it } from "vitest";
import { counterDelta, distance, follow } from "../../agent/sflow/continuity.ts";

const steps = (stream: readonly (readonly [number, number])[]): string[] => {
  const [[sequence, uptime] = [0, 0], ...others] = stream;
  const position = { sequence, uptime };
  return others.map(([nextSequence, nextUptime]) => {
    const { step, missing } = follow(position, nextSequence, nextUptime);
    return step === "lost" ? `lost ${missing}` : step;
  });
};

describe("I-27 duplicates and reordering", () => {
  it("recognises a gap, a late datagram that fills the gap, and a repeated datagram", () => {
    const stream = [5, 6, 9, 7, 8, 9, 10].map((sequence) => [sequence, 1000 + sequence] as const);
    expect(steps(stream)).toEqual(["next", "lost 2", "late", "late", "repeated", "next"]);
  });

  it("tolerates 16 datagrams in reverse", () => {
    const reversed = Array.from({ length: 16 }, (_, i) => [100 - i, 5000 - i] as const);
    expect(steps([...reversed, [101, 5001]])).toEqual([...Array(15).fill("late"), "next"]);
  });

  it("follows the wrap of both numbers", () => {
    expect(
      steps([
        [0xffff_ffff, 0xffff_ff00],
        [0, 100],
        [0xffff_ffff, 0xffff_ff00],
        [3, 300],
      ]),
    ).toEqual(["next", "late", "lost 2"]);
    expect(distance(0xffff_fffe, 1)).toBe(3);
    expect(distance(1, 0xffff_fffe)).toBe(-3);
  });
});

describe("I-28 restarts", () => {
  it("are recognised by a number and an uptime that go back", () => {
    expect(
      steps([
        [500, 90_000],
        [1, 20],
        [2, 40],
      ]),
    ).toEqual(["restarted", "next"]);
  });

  it("are recognised even if the uptime counts from boot and continues", () => {
    expect(
      steps([
        [500, 90_000],
        [1, 92_000],
      ]),
    ).toEqual(["restarted"]);
  });
});

describe("counterDelta", () => {
  it("is the difference modulo 2^32 or 2^64", () => {
    expect(counterDelta(0xffff_fff0, 0x10, 32)).toBe(32n);
    expect(counterDelta(2n ** 64n - 1n, 1, 64)).toBe(2n);
  });

  it("is undefined if either value is undefined", () => {
    expect(counterDelta(undefined, 1, 32)).toBeUndefined();
    expect(counterDelta(1, undefined, 64)).toBeUndefined();
  });
});
