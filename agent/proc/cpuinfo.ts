// Clock of the processors. /proc/cpuinfo, proc_cpuinfo(5).

/**
 * MHz of the first processor. x86 says "cpu MHz", s390 "cpu MHz dynamic", PowerPC "clock : 3425.000000MHz"; ARM and
 * RISC-V say nothing.
 */
export function parseCpuMhz(text: string): number | undefined {
  const found = /^(?:cpu MHz(?: dynamic)?|clock)\s*:\s*(\d+(?:\.\d+)?)/m.exec(text)?.[1];
  const mhz = Number(found);
  return mhz > 0 ? mhz : undefined;
}
