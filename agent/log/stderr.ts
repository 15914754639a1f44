// The log of an agent in the foreground: plain lines without a time, for a person or for grep.

import type { Severity, Sink } from "./make-logger.ts";

const MARKS: Readonly<Record<Severity, string>> = {
  error: "error: ",
  warning: "warning: ",
  info: "",
  debug: "debug: ",
};

export type Write = (text: string) => void;

/** What is wrong goes to `stderr`, what is going on to `stdout`, as with hsflowd's -d. */
export const foregroundSink =
  (stdout: Write, stderr: Write): Sink =>
  (severity, line) => {
    const write = severity === "error" || severity === "warning" ? stderr : stdout;
    write(`${MARKS[severity]}${line}\n`);
  };
