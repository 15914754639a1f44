// Parses processor times, interrupts and context switches. /proc/stat, proc_stat(5).

/** Times in units of 1/USER_HZ second, 10 ms on every machine that runs Node. Older kernels lack the later columns. */
export interface CpuTimes {
  readonly user: number | undefined;
  readonly nice: number | undefined;
  readonly system: number | undefined;
  readonly idle: number | undefined;
  readonly iowait: number | undefined;
  readonly irq: number | undefined;
  readonly softirq: number | undefined;
  readonly steal: number | undefined;
  readonly guest: number | undefined;
  readonly guest_nice: number | undefined;
}

export interface Stat {
  /** The sums over all processors. */
  readonly cpu: CpuTimes;
  /** The number of processors online, which is that of the `cpuN` lines. */
  readonly cpus: number;
  readonly interrupts: number | undefined;
  readonly contexts: number | undefined;
}

export function parseStat(text: string): Stat {
  return {
    cpu: cpuTimes(/^cpu +(.*)$/m.exec(text)?.[1]),
    cpus: text.match(/^cpu\d/gm)?.length ?? 0,
    interrupts: firstNumber(text, "\nintr "),
    contexts: firstNumber(text, "\nctxt "),
  };
}

function cpuTimes(columns: string | undefined): CpuTimes {
  const numbers = columns === undefined ? [] : columns.trim().split(/ +/).map(parseWhole);
  const [user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice] = numbers;
  return { user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice };
}

const parseWhole = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

/** Returns the first number after `key`. It never splits the line: that of interrupts is kilobytes long. */
function firstNumber(text: string, key: string): number | undefined {
  const at = text.indexOf(key);
  const value = at < 0 ? Number.NaN : Number.parseInt(text.slice(at + key.length, at + key.length + 20), 10);
  return Number.isNaN(value) ? undefined : value;
}
