// Load averages and scheduling entities. /proc/loadavg, proc_loadavg(5).

export interface LoadAverages {
  readonly one: number;
  readonly five: number;
  readonly fifteen: number;
  /** Scheduling entities, that is threads: runnable now, and all. */
  readonly running: number;
  readonly total: number;
}

/** Undefined where the file has another shape. */
export function parseLoadavg(text: string): LoadAverages | undefined {
  const found = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) (\d+)\/(\d+)/.exec(text);
  if (found === null) return undefined;
  const [one, five, fifteen, running, total] = found.slice(1).map(Number) as [number, number, number, number, number];
  return { one, five, fifteen, running, total };
}
