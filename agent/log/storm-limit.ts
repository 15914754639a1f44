// Limits how fast the log grows. Other people may rename interfaces or start containers hundreds of times a second, and
// each change has a line of its own.

import { plainText } from "../text/printable.ts";
import type { Severity, Sink } from "./make-logger.ts";

/** Lines of one kind that are logged at once: as many as the interfaces and containers of most hosts at a start. */
const BURST = 250;
/** Lines of one kind for each second after that. */
const RATE = 5;
/** Milliseconds after which left-out lines are counted in the log. */
const SUMMARY_MS = 10_000;
/** The largest number of kinds to remember. The parts of the agent with their severities are far fewer. */
const MOST_KINDS = 200;

interface Clock {
  /** Returns milliseconds. */
  uptime(): number;
  after(milliseconds: number, callback: () => void): unknown;
}

interface Budget {
  lines: number;
  at: number;
  leftOut: number;
}

/** The name of a part at the beginning of a line, such as a block. Other lines have one budget together. */
const PART = /^([\w-]+): /;

/**
 * Drops lines of a kind that come too fast: lines of one part and severity. Ten seconds after the first dropped line,
 * logs their number. Debug messages are not limited, because they were requested.
 */
export class StormLimit {
  readonly #sink: Sink;
  readonly #clock: Clock;
  readonly #budgets = new Map<string, Budget>();
  /** Logs the numbers that are due, by kind. */
  readonly #summaries = new Map<string, () => void>();

  constructor(sink: Sink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  readonly write: Sink = (severity, line) => {
    if (severity === "debug" || this.#mayLog(severity, PART.exec(line)?.[1] ?? "")) this.#sink(severity, line);
  };

  /** Logs the number of dropped lines now, because the process ends. */
  flush(): void {
    for (const summary of this.#summaries.values()) summary();
  }

  #mayLog(severity: Severity, part: string): boolean {
    const kind = `${severity} ${part}`;
    const budget = this.#budgetOf(kind);
    if (budget.lines >= 1) {
      budget.lines--;
      return true;
    }
    if (budget.leftOut++ > 0) return false;
    const summary = (): void => {
      if (!this.#summaries.delete(kind)) return;
      this.#sink(severity, plainText(`${part === "" ? "" : `${part}: `}${budget.leftOut} more lines were left out`));
      budget.leftOut = 0;
    };
    this.#summaries.set(kind, summary);
    this.#clock.after(SUMMARY_MS, summary);
    return false;
  }

  /** Returns the budget of a kind, with the lines that it has gained since its last use. */
  #budgetOf(kind: string): Budget {
    const now = this.#clock.uptime();
    const known = this.#budgets.get(kind);
    if (known === undefined && this.#budgets.size >= MOST_KINDS) this.#budgets.clear();
    const budget = known ?? { lines: BURST, at: now, leftOut: 0 };
    this.#budgets.set(kind, budget);
    budget.lines = Math.min(BURST, budget.lines + ((now - budget.at) / 1000) * RATE);
    budget.at = now;
    return budget;
  }
}
