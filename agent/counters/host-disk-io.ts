// Reads transfers and space of the disks of this host. /proc/diskstats, statvfs(3); sFlow Host Structures,
// "host_disk_io".

import type { Files } from "../host/host.ts";
import { type DiskStats, parseDiskstats } from "../proc/diskstats.ts";
import { counterRecord } from "../sflow/record.ts";
import { hostDiskIo } from "../sflow/records/counter/host-disk-io.ts";
import type { DiskSpace } from "./disk-space.ts";
import type { Sum } from "./sum.ts";
import { wholeDisks } from "./whole-disks.ts";

const SECTOR_BYTES = 512;

/**
 * Makes a reader. Looks for disks only if the list of devices changes, because that reads several files of /sys each.
 */
export function makeHostDiskIo(files: Files): (space: DiskSpace | undefined) => Sum | undefined {
  let devices = "";
  let names: ReadonlySet<string> = new Set();
  return (space) => {
    const text = files.read("/proc/diskstats");
    if (text === undefined && space === undefined) return undefined;
    const rows = parseDiskstats(text ?? "");
    const present = rows.map((row) => row.name).join();
    if (present !== devices) {
      names = new Set(wholeDisks(files, rows).map((row) => row.name));
      devices = present;
    }
    const disks = rows.filter((row) => names.has(row.name));
    return { record: diskIo(disks, space), parts: disks.map((disk) => disk.name).join() };
  };
}

function diskIo(disks: readonly DiskStats[], space: DiskSpace | undefined) {
  const sum = (field: keyof DiskStats & Exclude<keyof DiskStats, "name">): number | undefined =>
    disks.length === 0 ? undefined : disks.reduce((total, disk) => total + disk[field], 0);
  const bytes = (sectors: number | undefined): number | undefined =>
    sectors === undefined ? undefined : sectors * SECTOR_BYTES;
  return counterRecord(hostDiskIo, {
    disk_total: space?.total ?? 0,
    disk_free: space?.available ?? 0,
    part_max_used: space?.mostUsed,
    reads: sum("reads"),
    bytes_read: bytes(sum("sectorsRead")),
    read_time: sum("readTime"),
    writes: sum("writes"),
    bytes_written: bytes(sum("sectorsWritten")),
    write_time: sum("writeTime"),
  });
}
