// A logger that keeps its messages.

import type { Logger, Message } from "../../agent/log/logger.ts";

export interface KeptLog extends Logger {
  /** All messages in order, as `warn: text`. */
  readonly lines: string[];
}

export function makeLog(lines: string[] = [], prefix = ""): KeptLog {
  const say = (level: string) => (message: Message) => {
    lines.push(`${level}: ${prefix}${typeof message === "function" ? message() : message}`);
  };
  return {
    lines,
    error: say("error"),
    warn: say("warn"),
    info: say("info"),
    debug: (level, message) => say(`debug ${level}`)(message),
    child: (name) => makeLog(lines, `${prefix}${name}: `),
  };
}
