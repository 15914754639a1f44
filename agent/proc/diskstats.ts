// Parses the transfers of block devices: disks, partitions, and devices on top of them. /proc/diskstats, kernel
// Documentation/admin-guide/iostats.

export interface DiskStats {
  readonly major: number;
  readonly minor: number;
  readonly name: string;
  readonly reads: number;
  /** Sectors of 512 bytes, whatever the sector size of the device. */
  readonly sectorsRead: number;
  /** Time in milliseconds. */
  readonly readTime: number;
  readonly writes: number;
  readonly sectorsWritten: number;
  readonly writeTime: number;
}

/** Columns up to the write time. Rows with fewer are skipped: kernels before 2.6.25 had four for partitions. */
const COLUMNS = 11;

export function parseDiskstats(text: string): readonly DiskStats[] {
  const rows: DiskStats[] = [];
  for (const line of text.split("\n")) {
    const columns = line.trim().split(/\s+/);
    const row = columns.length < COLUMNS ? undefined : diskStats(columns[2] ?? "", columns.map(Number));
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function diskStats(name: string, columns: readonly number[]): DiskStats | undefined {
  const at = (column: number): number => columns[column] ?? Number.NaN;
  const row = {
    major: at(0),
    minor: at(1),
    name,
    reads: at(3),
    sectorsRead: at(5),
    readTime: at(6),
    writes: at(7),
    sectorsWritten: at(9),
    writeTime: at(10),
  };
  return columns.every((value, column) => column === 2 || column >= COLUMNS || value >= 0) ? row : undefined;
}
