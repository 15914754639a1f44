// Parses the state and the start time of a process. /proc/PID/stat, proc_pid_stat(5).

export interface PidStat {
  /** A letter: R, S, D, Z and so on. */
  readonly state: string;
  /** Clock ticks from boot to the start of the process. With the pid it identifies a process until the next boot. */
  readonly startTime: string;
}

/** Tells whether a process runs. False for a zombie, an ended process and an empty file. */
export const isRunning = ({ state }: PidStat): boolean => /^[^ZX]$/.test(state);

/** Reads fields 3 and 22, counted from the last parenthesis: the name before it may contain any character. */
export function parsePidStat(text: string): PidStat {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", startTime: fields[19] ?? "" };
}
