// What is wrong with answers, said when it begins and when it ends, however often it is asked.

import type { Logger } from "../../log/logger.ts";

export interface Complaints {
  /** True where this was not said before. `undefined`: nothing is wrong. */
  say(about: string, wrong: string | undefined): boolean;
}

export function makeComplaints(log: Logger): Complaints {
  const said = new Map<string, string>();
  return {
    say(about, wrong) {
      const before = said.get(about);
      if (wrong === before) return false;
      if (wrong === undefined) {
        said.delete(about);
        log.info(`${about}: as it should be again`);
        return false;
      }
      said.set(about, wrong);
      log.warn(`${about}: ${wrong}`);
      return true;
    },
  };
}
