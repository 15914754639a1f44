// The turns of the event loop of an agent, measured in time on a processor: see turns.mjs.

import { readFileSync } from "node:fs";
import { vi } from "vitest";
import type { Agent } from "./agent.ts";

/** As the package starts it: a young generation of the heap that is collected in little time. */
const PACKAGED = "--max-semi-space-size=1";

export interface Turn {
  /** Milliseconds of the UNIX epoch. */
  readonly time: number;
  readonly milliseconds: number;
  readonly megabytes: number;
}

export interface Measured {
  readonly agent: Agent;
  /** Returns the longest turns since `time`, in milliseconds of the UNIX epoch, one for each 50 ms. */
  turns(since?: number): Turn[];
}

/** Starts an agent whose turns are written to `file`. */
export function measured(file: string, start: () => Agent): Measured {
  vi.stubEnv("TURNS", file);
  vi.stubEnv("NODE_FLAGS", `${PACKAGED} --import=./test/e2e/turns.mjs`);
  const agent = start();
  vi.unstubAllEnvs();
  return {
    agent,
    turns: (since = 0) =>
      readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(" ").map(Number))
        .map(([time = 0, milliseconds = 0, megabytes = 0]) => ({ time, milliseconds, megabytes }))
        .filter((turn) => turn.time >= since),
  };
}

export const longest = (turns: readonly Turn[]): number =>
  Math.max(0, ...turns.map(({ milliseconds }) => milliseconds));
