// Work in steps, so that a long file does not stall the agent: the caller decides when to take the next step.

/** Work that stops after each step and returns its result after the last. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Takes all steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
