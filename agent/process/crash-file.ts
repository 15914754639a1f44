// Reports an uncaught error: writes its stack to the log, because no one reads a daemon's stderr, and to the crash
// file. See hsflowd(8), -c.

import { openSync, writeSync } from "node:fs";
import type { Logger } from "../log/logger.ts";
import { linesText } from "../text/printable.ts";

/** Returns a function that reports one error. `fd` is the crash file; if undefined, only the log has the report. */
export const crashReporter =
  (fd: number | undefined, log: Logger) =>
  (error: unknown): void => {
    const lines = String(error instanceof Error ? error.stack : error).split("\n");
    for (const line of lines) log.error(line);
    if (fd !== undefined)
      writeSync(fd, linesText([`${new Date().toISOString()} process ${process.pid}`, ...lines, ""]));
  };

/**
 * Reports every uncaught error from now on; Node then ends the process as usual. Opens the crash file now, because the
 * agent may lack the permission later. Throws the system's error if the file cannot be opened.
 */
export function reportCrashes(crashFile: string | undefined, log: Logger): void {
  const fd = crashFile === undefined ? undefined : openSync(crashFile, "a", 0o600);
  process.on("uncaughtExceptionMonitor", crashReporter(fd, log));
}
