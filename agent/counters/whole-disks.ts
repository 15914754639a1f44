// Which block devices are disks, so that each transfer is counted once. /sys/block, kernel
// Documentation/ABI/stable/sysfs-block.

import type { Files } from "../host/host.ts";
import type { DiskStats } from "../proc/diskstats.ts";

const SOFTWARE = /^(loop|ram|zram)\d/;
const VIRTUAL = /^(md|dm-|nbd|drbd|bcache|sr|fd)\d/;

/**
 * The rows that stand for disks. A disk has a device behind it. What else has a row is a partition of one, is built on
 * top (md, dm, bcache), or lives in memory or files (loop, ram, zram): its transfers are counted at the disk, or reach
 * none. The second paths of a multipath NVMe are hidden by the kernel and are left out, too. A host without any device
 * of this sort has what lies at the bottom for disks, as a network block device.
 */
export function wholeDisks(files: Files, rows: readonly DiskStats[]): readonly DiskStats[] {
  const blocks = new Set(files.list("/sys/block"));
  if (blocks.size === 0) return byName(rows);
  const known = rows.filter(({ name }) => blocks.has(inSys(name)));
  const disks = known.filter(({ name }) => isDisk(files, `/sys/block/${inSys(name)}`));
  if (disks.length > 0) return disks;
  return known.filter(
    ({ name }) => !SOFTWARE.test(name) && files.list(`/sys/block/${inSys(name)}/slaves`).length === 0,
  );
}

/** A slash in the name of a device (cciss/c0d0) is an exclamation mark in /sys. */
const inSys = (name: string): string => name.replaceAll("/", "!");

const isDisk = (files: Files, folder: string): boolean =>
  files.exists(`${folder}/device`) && files.read(`${folder}/hidden`)?.trim() !== "1";

/** Without /sys: a partition is named after its disk, with a number. */
function byName(rows: readonly DiskStats[]): readonly DiskStats[] {
  const names = new Set(rows.map(({ name }) => name));
  const isPartition = (name: string): boolean => names.has(name.replace(/p?\d+$/, "")) && /\d$/.test(name);
  return rows.filter(({ name }) => !SOFTWARE.test(name) && !VIRTUAL.test(name) && !isPartition(name));
}
