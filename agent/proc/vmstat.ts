// Parses paging and swapping. /proc/vmstat, proc_vmstat(5).

export interface Paging {
  /** KiB read from block devices. The kernel names it pages, but counts half sectors. */
  readonly pgpgin: number | undefined;
  /** KiB written to block devices. */
  readonly pgpgout: number | undefined;
  /** Pages read from swap. */
  readonly pswpin: number | undefined;
  /** Pages written to swap. */
  readonly pswpout: number | undefined;
}

export function parseVmstat(text: string): Paging {
  return {
    pgpgin: value(text, "pgpgin"),
    pgpgout: value(text, "pgpgout"),
    pswpin: value(text, "pswpin"),
    pswpout: value(text, "pswpout"),
  };
}

/** Finds one line. Only four of about two hundred are needed, so none is collected. */
function value(text: string, key: string): number | undefined {
  const found = new RegExp(`^${key} (\\d+)$`, "m").exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
