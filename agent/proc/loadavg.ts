// Parses load averages and numbers of threads. /proc/loadavg, proc_loadavg(5).

export interface LoadAverages {
  readonly one: number;
  readonly five: number;
  readonly fifteen: number;
  /** Scheduling entities, that is threads, that are runnable now. */
  readonly running: number;
  /** All scheduling entities. */
  readonly total: number;
}

/** Returns undefined if the text has another format. */
export function parseLoadavg(text: string): LoadAverages | undefined {
  const found = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) (\d+)\/(\d+)/.exec(text);
  if (found === null) return undefined;
  const [one, five, fifteen, running, total] = found.slice(1).map(Number) as [number, number, number, number, number];
  return { one, five, fifteen, running, total };
}
