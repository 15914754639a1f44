// Catches errors of callbacks: counts them by callback, logs them through the limiter, and lets the agent continue.

import type { LimitedLogger } from "./limit.ts";

export interface GuardedRuns {
  /** Runs a callback named `where`. Returns false if it threw. */
  readonly guard: (where: string, run: () => void) => boolean;
  /** Counts and logs an error that the caller has caught, such as a rejected promise. */
  readonly failed: (where: string, error: unknown) => void;
  /** The number of exceptions of each callback, by name. */
  readonly failures: ReadonlyMap<string, number>;
}

/** Returns the position in the code that threw, from the stack, so that different bugs with one message differ. */
function positionOf(error: Error): string {
  const line = error.stack?.split("\n").find((part) => part.trimStart().startsWith("at "));
  return line === undefined ? "" : ` (${line.trim()})`;
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.message}${positionOf(error)}` : String(error);

export function makeGuard(log: LimitedLogger): GuardedRuns {
  const failures = new Map<string, number>();

  function failed(where: string, error: unknown): void {
    failures.set(where, (failures.get(where) ?? 0) + 1);
    log.error(`failed ${where}`, () => `${where}: ${describe(error)}`);
  }

  return {
    failures,
    failed,
    guard(where, run) {
      try {
        run();
        return true;
      } catch (error) {
        failed(where, error);
        return false;
      }
    },
  };
}
