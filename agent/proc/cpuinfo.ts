// Parses the clock rate of the processors. /proc/cpuinfo, proc_cpuinfo(5).

/**
 * Returns the MHz of the first processor. The key is "cpu MHz" on x86, "cpu MHz dynamic" on s390, and "clock" on
 * PowerPC ("clock : 3425.000000MHz"). ARM and RISC-V have no such line.
 */
export function parseCpuMhz(text: string): number | undefined {
  const found = /^(?:cpu MHz(?: dynamic)?|clock)\s*:\s*(\d+(?:\.\d+)?)/m.exec(text)?.[1];
  const mhz = Number(found);
  return mhz > 0 ? mhz : undefined;
}
