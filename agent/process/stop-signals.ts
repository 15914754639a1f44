// Waits for a signal that stops the process, or for resident memory above the limit. See hsflowd(8), -M.

import type { Clock, Host } from "../host/host.ts";

/** The reason why the process ends, and its exit code. */
export interface Ending {
  readonly reason: string;
  readonly exitCode: number;
}

/** Interval of memory checks, as in hsflowd. */
const CHECK_MS = 1000;

/** The signals that stop the process, with the exit codes of hsflowd. */
const SIGNALS: readonly Ending[] = [
  { reason: "SIGTERM", exitCode: 0 },
  { reason: "SIGINT", exitCode: 2 },
];

/** Resolves at the first SIGTERM or SIGINT. A second of these signals ends the process at once. */
function untilSignal(exit: (code: number) => void): Promise<Ending> {
  return new Promise((resolve) => {
    let stopping = false;
    for (const ending of SIGNALS) {
      process.on(ending.reason, () => {
        if (stopping) exit(1);
        stopping = true;
        resolve(ending);
      });
    }
  });
}

/**
 * Resolves when more than `limit` bytes are resident. The agent then stops as usual, but with an exit code for failure,
 * so that a service manager restarts it.
 */
function untilMemory(clock: Clock, limit: number): Promise<Ending> {
  return new Promise((resolve) => {
    const timer = clock.every(CHECK_MS, () => {
      const resident = process.memoryUsage.rss();
      if (resident <= limit) return;
      timer.cancel();
      resolve({ reason: `resident memory of ${resident} bytes exceeds the ${limit} of -M`, exitCode: 1 });
    });
  });
}

export function untilEnd({ clock, sockets }: Host, memoryBytes: number | undefined): Promise<Ending> {
  const signal = untilSignal((code) => sockets.exit(code));
  return memoryBytes === undefined ? signal : Promise.race([signal, untilMemory(clock, memoryBytes)]);
}
