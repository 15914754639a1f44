// Reports an uncaught error: writes its stack to the log, because no one reads a daemon's stderr, and to the crash
// file. See hsflowd(8), -c.

import { constants, writeSync } from "node:fs";
import { openOwn } from "../host/linux-own-path.ts";
import type { Logger } from "../log/logger.ts";
import { linesText } from "../text/printable.ts";

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

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
  const fd = crashFile === undefined ? undefined : openOwn(crashFile, APPEND, 0o600);
  process.on("uncaughtExceptionMonitor", crashReporter(fd, log));
}
