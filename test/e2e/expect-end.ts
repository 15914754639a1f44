// Expects an agent to end in order.

import { expect } from "vitest";
import type { Child } from "./child.ts";

/** Sends SIGTERM and expects exit code 0; the failure shows the agent's output. */
export async function expectEnd(agent: Child): Promise<void> {
  expect(await agent.stop(), agent.stderr()).toEqual({ code: 0, signal: null });
}
