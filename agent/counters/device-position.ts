// Finds the place of a block device in a stack of devices, such as dm on md on disks. Reads /sys/block and
// /sys/dev/block. See Documentation/ABI/stable/sysfs-block of the kernel.

import type { Files } from "../host/host.ts";

export interface DevicePosition {
  /** Names of the undermost devices below, in order; of an undermost device its own name. */
  readonly disks: readonly string[];
  /** Number of layers below; 0 for an undermost device. */
  readonly height: number;
}

/** Returns the position of the device whose folder, or link to it, is `folder`. A partition is part of its disk. */
export function devicePosition(files: Pick<Files, "exists" | "link" | "list">, folder: string): DevicePosition {
  const [disk, name] = (files.link(folder) ?? folder).split("/").slice(-2);
  if (disk !== undefined && files.exists(`${folder}/partition`)) return devicePosition(files, `/sys/block/${disk}`);
  const below = files.list(`${folder}/slaves`).map((slave) => devicePosition(files, `${folder}/slaves/${slave}`));
  if (below.length === 0) return { disks: [name ?? folder], height: 0 };
  return {
    disks: [...new Set(below.flatMap(({ disks }) => disks))].sort(),
    height: 1 + Math.max(...below.map(({ height }) => height)),
  };
}
