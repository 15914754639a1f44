// That an agent which is told to end does so in order.

import { expect } from "vitest";
import type { Child } from "./child.ts";

/** SIGTERM; where it ends otherwise, what it said is shown. */
export async function expectEnd(agent: Child): Promise<void> {
  expect(await agent.stop(), agent.stderr()).toEqual({ code: 0, signal: null });
}
