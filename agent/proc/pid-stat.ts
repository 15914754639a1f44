// /proc/PID/stat: of one process, what it does and when it began. proc(5), proc_pid_stat(5).

export interface PidStat {
  /** R, S, D, Z and so on. */
  readonly state: string;
  /** Clock ticks after the machine booted: with the pid, it names a process once and for all until the next boot. */
  readonly startTime: string;
}

/** Neither ended nor a zombie, of which there is nothing left but its number; nor a file that says nothing. */
export const isRunning = ({ state }: PidStat): boolean => /^[^ZX]$/.test(state);

/** Fields 3 and 22, counted behind the name, which may hold anything but ends at the last parenthesis. */
export function parsePidStat(text: string): PidStat {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", startTime: fields[19] ?? "" };
}
