// Parses the kernel's text files into numbers by name. Written apart from agent/proc, so that neither hides an error
// of the other.

import type { Snapshot } from "./truth.ts";

const textOf = ({ files }: Snapshot, path: string): string => files[path] ?? "";

/** `key: number ...` or `key number`, one a line. */
function keyed(text: string): Map<string, number> {
  const lines = text.split("\n").map((line) => /^(\S+?):?\s+(-?\d+)/.exec(line));
  return new Map(lines.flatMap((match) => (match ? [[match[1] as string, Number(match[2])]] : [])));
}

/** Bytes. */
export const meminfo = (snapshot: Snapshot, key: string): number =>
  (keyed(textOf(snapshot, "/proc/meminfo")).get(key) ?? Number.NaN) * 1024;

export const vmstat = (snapshot: Snapshot, key: string): number =>
  keyed(textOf(snapshot, "/proc/vmstat")).get(key) ?? Number.NaN;

/** `intr`, `ctxt`. */
export const stat = (snapshot: Snapshot, key: string): number =>
  keyed(textOf(snapshot, "/proc/stat")).get(key) ?? Number.NaN;

/** user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice, in milliseconds. */
export const cpuTimes = (snapshot: Snapshot): number[] =>
  (/^cpu +(.*)$/m.exec(textOf(snapshot, "/proc/stat"))?.[1] ?? "").split(" ").map((ticks) => Number(ticks) * 10);

export const processors = (snapshot: Snapshot): number =>
  [...textOf(snapshot, "/proc/stat").matchAll(/^cpu\d+ /gm)].length;

/** Three loads, running, total. */
export const loadavg = (snapshot: Snapshot): number[] =>
  textOf(snapshot, "/proc/loadavg").split(/[ /]/).slice(0, 5).map(Number);

/** Seconds since boot. */
export const uptime = (snapshot: Snapshot): number => Number.parseFloat(textOf(snapshot, "/proc/uptime"));

/** Values by name, as the header line of each protocol has them: `Tcp`, `InSegs`. */
export function snmp(snapshot: Snapshot, protocol: string, name: string): number {
  const lines = textOf(snapshot, "/proc/net/snmp")
    .split("\n")
    .filter((line) => line.startsWith(`${protocol}:`));
  const [names = [], values = []] = lines.map((line) => line.split(/\s+/));
  return Number(values[names.indexOf(name)] ?? Number.NaN);
}

const COLUMNS = [
  ...["bytes", "packets", "errs", "drop", "fifo", "frame", "compressed", "multicast"].map((name) => `rx_${name}`),
  ...["bytes", "packets", "errs", "drop", "fifo", "colls", "carrier", "compressed"].map((name) => `tx_${name}`),
];

/** Counters by interface. */
export function netDev(snapshot: Snapshot): Map<string, Map<string, number>> {
  const rows = textOf(snapshot, "/proc/net/dev")
    .split("\n")
    .map((line) => /^\s*(\S+):\s*(.*)$/.exec(line));
  return new Map(
    rows.flatMap((row) => {
      if (row === null) return [];
      const values = (row[2] as string).trim().split(/\s+/).map(Number);
      return [[row[1] as string, new Map(COLUMNS.map((name, i) => [name, values[i] ?? Number.NaN]))]];
    }),
  );
}

export interface DiskRow {
  readonly major: number;
  readonly name: string;
  /** reads, merged, sectors, ms, writes, merged, sectors, ms ... as in Documentation/admin-guide/iostats.rst */
  readonly columns: readonly number[];
}

export const diskstats = (snapshot: Snapshot): DiskRow[] =>
  textOf(snapshot, "/proc/diskstats")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.trim().split(/\s+/))
    .map(([major, , name = "", ...columns]) => ({ major: Number(major), name, columns: columns.map(Number) }));
