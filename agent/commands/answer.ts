// The output and exit code of a command.

import type { Failed } from "../control/client.ts";

/** The output of a command, and its exit code. */
export interface CommandAnswer {
  /** For stdout. */
  readonly text: string;
  /** For stderr. */
  readonly problem?: string;
  readonly exitCode: 0 | 1;
}

/** Returns the output and exit code of a command whose request to the agent failed. */
export const unanswered = ({ message, remedy }: Failed): CommandAnswer => ({
  text: "",
  problem: `hsflowd: ${message}; ${remedy}\n`,
  exitCode: 1,
});

export const asJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
