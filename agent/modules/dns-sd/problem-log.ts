// Logs a problem when it begins, when it changes and when it ends, however often it is reported in between.

import type { Logger } from "../../log/logger.ts";

export class ProblemLog {
  readonly #log: Logger;
  readonly #current = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Takes the present problem of `subject`; undefined: none. Returns true if it is a new problem. */
  update(subject: string, problem: string | undefined): boolean {
    if (problem === this.#current.get(subject)) return false;
    if (problem === undefined) {
      this.#current.delete(subject);
      this.#log.info(`${subject}: ok again`);
      return false;
    }
    this.#current.set(subject, problem);
    this.#log.warn(`${subject}: ${problem}`);
    return true;
  }
}
