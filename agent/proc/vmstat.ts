// Paging and swapping. /proc/vmstat, proc_vmstat(5).

export interface Paging {
  /** KiB moved from and to block devices: the kernel names pages and counts sectors, halved. */
  readonly pgpgin: number | undefined;
  readonly pgpgout: number | undefined;
  /** Pages. */
  readonly pswpin: number | undefined;
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

/** Four of about two hundred lines are wanted: looked up, not collected. */
function value(text: string, key: string): number | undefined {
  const found = new RegExp(`^${key} (\\d+)$`, "m").exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
