// A bug's last words: its stack in the log, for a daemon's stderr is nobody's, and in the file of -c. hsflowd(8).

import { openSync, writeSync } from "node:fs";
import type { Logger } from "../log/logger.ts";

/** `fd` is the file, where there is one. */
export const lastWords =
  (fd: number | undefined, log: Logger) =>
  (error: unknown): void => {
    const stack = String(error instanceof Error ? error.stack : error);
    for (const line of stack.split("\n")) log.error(line);
    if (fd !== undefined) writeSync(fd, `${new Date().toISOString()} process ${process.pid}\n${stack}\n\n`);
  };

/** The file is opened at once, for later the agent may not. Throws the system's error. The process ends as it would. */
export function keepLastWords(crashFile: string | undefined, log: Logger): void {
  const fd = crashFile === undefined ? undefined : openSync(crashFile, "a", 0o600);
  process.on("uncaughtExceptionMonitor", lastWords(fd, log));
}
