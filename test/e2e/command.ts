// Runs programs to their end, and waits for conditions, never for a fixed time.

import { execFileSync, spawnSync } from "node:child_process";

/** Returns its output; throws an error with its complaints. */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
}

/** Returns both streams and the exit code, whatever it is. */
export function tryRun(command: string, ...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (error) throw error;
  return { stdout, stderr, status };
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Seconds to wait; a slower machine sets more. */
const PATIENCE = Number(process.env["PATIENCE"] ?? 20);

/**
 * Asks until the answer is neither undefined nor false; the error says what never came, and what the last look showed.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { seconds = PATIENCE, evidence = () => "" }: { seconds?: number | undefined; evidence?: () => string } = {},
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s\n${evidence()}`);
    await sleep(20);
  }
}
