// A logger that keeps what is said.

import type { Logger, Message } from "../../agent/log/logger.ts";

export interface KeptLog extends Logger {
  /** `warn: text`, in order. */
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
