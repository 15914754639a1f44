// Takes the steps of a long work in short turns of the event loop, so that packets are read and sent in between.

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Steps } from "../config/steps.ts";

/** Longest turn in milliseconds. */
const TURN = 5;

/** Resolves with the result, in a turn of its own. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done !== true && performance.now() - began < TURN) continue;
    await nextTurn();
    began = performance.now();
    if (step.done === true) return step.value;
  }
}
