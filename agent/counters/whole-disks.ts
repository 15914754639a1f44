// Finds the block devices that are disks, so that each transfer counts once. Reads /sys/block. See
// Documentation/ABI/stable/sysfs-block of the kernel.

import type { Files } from "../host/host.ts";
import type { DiskStats } from "../proc/diskstats.ts";

const SOFTWARE = /^(loop|ram|zram)\d/;
const VIRTUAL = /^(md|dm-|nbd|drbd|bcache|sr|fd)\d/;

/**
 * Returns the rows of disks. A disk has a device in /sys. All other rows are excluded:
 * - partitions, and devices on top of disks (md, dm, bcache): their transfers are counted at the disk;
 * - devices in memory or files (loop, ram, zram): their transfers reach no disk, or are counted at the disk;
 * - the second paths of a multipath NVMe, which the kernel hides.
 * If a host has no such disk, returns the lowest devices instead, for example a network block device.
 */
export function wholeDisks(files: Files, rows: readonly DiskStats[]): readonly DiskStats[] {
  const blocks = new Set(files.list("/sys/block"));
  if (blocks.size === 0) return byName(rows);
  const known = rows.filter(({ name }) => blocks.has(nameInSys(name)));
  const disks = known.filter(({ name }) => isDisk(files, `/sys/block/${nameInSys(name)}`));
  if (disks.length > 0) return disks;
  return known.filter(
    ({ name }) => !SOFTWARE.test(name) && files.list(`/sys/block/${nameInSys(name)}/slaves`).length === 0,
  );
}

/** Returns the name in /sys, where a slash in the name of a device (cciss/c0d0) is an exclamation mark. */
const nameInSys = (name: string): string => name.replaceAll("/", "!");

const isDisk = (files: Files, folder: string): boolean =>
  files.exists(`${folder}/device`) && files.read(`${folder}/hidden`)?.trim() !== "1";

/** Finds disks by name, without /sys. The name of a partition is the name of its disk and a number. */
function byName(rows: readonly DiskStats[]): readonly DiskStats[] {
  const names = new Set(rows.map(({ name }) => name));
  const isPartition = (name: string): boolean => names.has(name.replace(/p?\d+$/, "")) && /\d$/.test(name);
  return rows.filter(({ name }) => !SOFTWARE.test(name) && !VIRTUAL.test(name) && !isPartition(name));
}
