// Programs of the system run to their end, and waiting for what the system shows, never for time to pass.

import { execFileSync, spawnSync } from "node:child_process";

/** What it printed; throws with what it complained of. */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
}

/** Both streams and the exit code, whatever it is. */
export function tryRun(command: string, ...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (error) throw error;
  return { stdout, stderr, status };
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Seconds; more where everything is slower. */
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
