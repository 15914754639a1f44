// Memory by use. /proc/meminfo, proc_meminfo(5).

/** Bytes by name: "MemTotal", "Active(anon)". The file says kB and means 1024 bytes; counts of pages are left out. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0 || !line.endsWith(" kB")) continue;
    const value = Number.parseInt(line.slice(colon + 1), 10);
    if (!Number.isNaN(value)) values.set(line.slice(0, colon), value * 1024);
  }
  return values;
}
