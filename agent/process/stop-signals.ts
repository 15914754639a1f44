// What ends the process from outside: a signal, or that it takes more memory than it may. hsflowd(8), -M.

import type { Clock } from "../host/host.ts";

export interface Ending {
  readonly why: string;
  readonly exitCode: number;
}

/** As often as hsflowd looks. */
const LOOK_MS = 1000;

/** With hsflowd's exit codes. */
const SIGNALS: readonly Ending[] = [
  { why: "SIGTERM", exitCode: 0 },
  { why: "SIGINT", exitCode: 2 },
];

/** Resolves with the first signal that asks for the end. A second one, of either kind, ends the process at once. */
function untilSignal(): Promise<Ending> {
  return new Promise((resolve) => {
    let asked = false;
    for (const ending of SIGNALS) {
      process.on(ending.why, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve(ending);
      });
    }
  });
}

/** Bytes resident. The end is an orderly one, and a failure, so that a service manager starts the agent again. */
function untilMemory(clock: Clock, limit: number): Promise<Ending> {
  return new Promise((resolve) => {
    const timer = clock.every(LOOK_MS, () => {
      const resident = process.memoryUsage.rss();
      if (resident <= limit) return;
      timer.cancel();
      resolve({ why: `${resident} bytes of memory are in use, and -M allows ${limit}`, exitCode: 1 });
    });
  });
}

export const untilEnd = (clock: Clock, memoryBytes: number | undefined): Promise<Ending> =>
  memoryBytes === undefined ? untilSignal() : Promise.race([untilSignal(), untilMemory(clock, memoryBytes)]);
