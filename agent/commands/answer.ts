// The output and exit code of a command.

import type { Failed } from "../control/client.ts";
import { linesText, NO_TEXT, type Printable } from "../text/printable.ts";

/** The output of a command, and its exit code. */
export interface CommandAnswer {
  /** For stdout. */
  readonly text: Printable;
  /** For stderr. */
  readonly problem?: Printable;
  readonly exitCode: 0 | 1;
}

/** Returns the output and exit code of a command whose request to the agent failed. */
export const unanswered = ({ message, remedy }: Failed): CommandAnswer => ({
  text: NO_TEXT,
  problem: linesText([`hsflowd: ${message}; ${remedy}`]),
  exitCode: 1,
});
