// Parses the use of memory. /proc/meminfo, proc_meminfo(5).

/** Returns bytes by name: "MemTotal", "Active(anon)". kB in the file is 1024 bytes. Skips counts of pages. */
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
