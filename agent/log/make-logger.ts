// Messages become lines: one each, with the names of the parts that say them in front. Where lines go is the sink's
// business.

import type { Logger, Message } from "./logger.ts";

export type Severity = "error" | "warning" | "info" | "debug";

/** Takes one line without its end. */
export type Sink = (severity: Severity, line: string) => void;

/** A line longer than this is cut: nobody reads on, and a syslog datagram has an end. */
const LONGEST = 4000;

/**
 * Names of containers, interfaces and files are other people's: what would break the line or the terminal becomes a
 * question mark.
 */
const clean = (text: string): string => text.replace(/\p{Cc}+/gu, "?").slice(0, LONGEST);

/** `verbosity` of a part is how many `-d` were given, or what it has become since. */
export function makeLogger(sink: Sink, verbosity: (part?: string) => number, prefix = "", part?: string): Logger {
  const say = (severity: Severity, message: Message): void =>
    sink(severity, clean(prefix + (typeof message === "string" ? message : message())));
  return {
    error: (message) => say("error", message),
    warn: (message) => say("warning", message),
    info: (message) => say("info", message),
    debug(level, message) {
      if (verbosity(part) > level) say("debug", message);
    },
    child: (name) => makeLogger(sink, verbosity, `${prefix}${name}: `, part ?? name),
  };
}
