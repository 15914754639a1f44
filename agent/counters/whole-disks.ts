// Finds the block devices that are disks, so that each transfer counts once. Reads /sys/block. See
// Documentation/ABI/stable/sysfs-block of the kernel.

import type { Files } from "../host/host.ts";
import type { DiskStats } from "../proc/diskstats.ts";
import { devicePosition } from "./device-position.ts";

const SOFTWARE = /^(loop|ram|zram)\d/;
const VIRTUAL = /^(md|dm-|nbd|drbd|bcache|sr|fd)\d/;

/**
 * Returns the rows of disks. A disk has a device in /sys, and no device below it. All other rows are excluded:
 * - partitions, and devices on top of disks (md, dm, bcache): their transfers are counted at the disk;
 * - devices in memory or files (loop, ram, zram): their transfers reach no disk, or are counted at the disk;
 * - one of the two layers of a multipath NVMe, see `onePathLayer`.
 * If a host has no such disk, returns the undermost devices instead, for example a network block device.
 */
export function wholeDisks(files: Files, rows: readonly DiskStats[]): readonly DiskStats[] {
  const blocks = new Set(files.list("/sys/block"));
  if (blocks.size === 0) return byName(onePathLayer(rows));
  const undermost = onePathLayer(rows).filter(({ name }) => {
    const inSys = nameInSys(name);
    return blocks.has(inSys) && devicePosition(files, `/sys/block/${inSys}`).height === 0;
  });
  const disks = undermost.filter(({ name }) => files.exists(`/sys/block/${nameInSys(name)}/device`));
  return disks.length > 0 ? disks : undermost.filter(({ name }) => !SOFTWARE.test(name));
}

/** Returns the name in /sys, where a slash in the name of a device (cciss/c0d0) is an exclamation mark. */
const nameInSys = (name: string): string => name.replaceAll("/", "!");

/** Returns the name of a multipath NVMe, nvme0n1, for that of one of its paths, nvme0c1n1, which the kernel hides. */
const headOf = (name: string): string | undefined => {
  const head = name.replace(/^(nvme\d+)c\d+(n\d+)$/, "$1$2");
  return head === name ? undefined : head;
};

/**
 * Leaves out the paths of a multipath NVMe, or the NVMe if it has counted nothing: before Linux 6.5 the kernel counts
 * transfers only at the paths, and since then at both.
 */
function onePathLayer(rows: readonly DiskStats[]): readonly DiskStats[] {
  const heads = new Set(rows.map(({ name }) => headOf(name)));
  const counting = new Set(rows.filter(({ reads, writes }) => reads + writes > 0).map(({ name }) => name));
  return rows.filter(({ name }) => {
    const head = headOf(name);
    return head === undefined ? !heads.has(name) || counting.has(name) : !counting.has(head);
  });
}

/** Finds disks by name, without /sys. The name of a partition is the name of its disk and a number. */
function byName(rows: readonly DiskStats[]): readonly DiskStats[] {
  const names = new Set(rows.map(({ name }) => name));
  const isPartition = (name: string): boolean => names.has(name.replace(/p?\d+$/, "")) && /\d$/.test(name);
  return rows.filter(({ name }) => !SOFTWARE.test(name) && !VIRTUAL.test(name) && !isPartition(name));
}
