// Processor time, wake-ups and memory of a process so far. proc(5): schedstat, stat, status, smaps_rollup.

import { readdirSync, readFileSync } from "node:fs";

/**
 * Microseconds on a processor, all threads, user and system, to the nanosecond; /proc/PID/stat counts in hundredths
 * of a second.
 */
export function cpuMicroseconds(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => sum + Number(read(`/proc/${pid}/task/${task}/schedstat`).split(" ")[0]) / 1000, 0);
}

/** How often the threads of a process have waited so far: each wait ends with a wake-up. */
export function wakes(pid: number): number {
  const statuses = readdirSync(`/proc/${pid}/task`).map((task) => read(`/proc/${pid}/task/${task}/status`));
  return statuses.reduce((sum, text) => sum + Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(text)?.[1] ?? 0), 0);
}

export interface Memory {
  readonly residentMegabytes: number;
  readonly anonymousMegabytes: number;
}

export function memory(pid: number): Memory {
  const text = read(`/proc/${pid}/smaps_rollup`);
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1] ?? Number.NaN) / 1024;
  return { residentMegabytes: megabytes("Rss"), anonymousMegabytes: megabytes("Anonymous") };
}

/** A thread may end between listing and reading. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "0";
  }
}
