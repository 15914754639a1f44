// The one place that catches what a callback throws: counted by who threw, said through the limiter, and life goes on.

import type { LimitedLogger } from "./limit.ts";

export interface GuardedRuns {
  /** False where `run` threw. */
  readonly guard: (where: string, run: () => void) => boolean;
  /** For those who caught it themselves. */
  readonly failed: (where: string, error: unknown) => void;
  /** How often each threw. */
  readonly failures: ReadonlyMap<string, number>;
}

/** The first line of the stack that names a place tells an operator's bug report from another's. */
function place(error: Error): string {
  const line = error.stack?.split("\n").find((part) => part.trimStart().startsWith("at "));
  return line === undefined ? "" : ` (${line.trim()})`;
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.message}${place(error)}` : String(error);

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
