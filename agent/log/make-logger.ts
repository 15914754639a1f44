// Makes loggers. A logger prefixes each message with its names, such as `docker: `, and passes the line to a sink.

import { type Printable, plainText, printable } from "../text/printable.ts";
import type { Logger, Message } from "./logger.ts";

export type Severity = "error" | "warning" | "info" | "debug";

/** Writes one line. The argument has no line feed. */
export type Sink = (severity: Severity, line: Printable) => void;

/** Longest line in characters. Longer lines are truncated, because the size of a syslog datagram is limited. */
const LONGEST = 4000;

const clean = (text: string): Printable => plainText(printable(text).slice(0, LONGEST));

/** Makes a logger. It logs debug messages of levels below that which `verbosity` returns for the module. */
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
