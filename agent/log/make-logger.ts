// Turns messages into lines, each prefixed with the names of its parts, and passes them to a sink.

import type { Logger, Message } from "./logger.ts";

export type Severity = "error" | "warning" | "info" | "debug";

/** Writes one line, given without its line feed. */
export type Sink = (severity: Severity, line: string) => void;

/** The longest line. A longer one is cut, because a syslog datagram has a limit. */
const LONGEST = 4000;

/** Replaces control characters, which names of containers, interfaces and files may contain, by question marks. */
const clean = (text: string): string => text.replace(/\p{Cc}+/gu, "?").slice(0, LONGEST);

/** `verbosity` returns the level of a part: its debug messages of lower levels are logged. */
export function makeLogger(sink: Sink, verbosity: (part?: string) => number, prefix = "", part?: string): Logger {
  const write = (severity: Severity, message: Message): void =>
    sink(severity, clean(prefix + (typeof message === "string" ? message : message())));
  return {
    error: (message) => write("error", message),
    warn: (message) => write("warning", message),
    info: (message) => write("info", message),
    debug(level, message) {
      if (verbosity(part) > level) write("debug", message);
    },
    child: (name) => makeLogger(sink, verbosity, `${prefix}${name}: `, part ?? name),
  };
}
