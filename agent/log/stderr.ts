// The log of an agent in the foreground: lines of text without a time.

import type { Severity, Sink } from "./make-logger.ts";

const PREFIXES: Readonly<Record<Severity, string>> = {
  error: "error: ",
  warning: "warning: ",
  info: "",
  debug: "debug: ",
};

export type Write = (text: string) => void;

/** Writes errors and warnings to `stderr` and other lines to `stdout`, as hsflowd -d does. */
export const foregroundSink =
  (stdout: Write, stderr: Write): Sink =>
  (severity, line) => {
    const write = severity === "error" || severity === "warning" ? stderr : stdout;
    write(`${PREFIXES[severity]}${line}\n`);
  };
