// The disks of the virtual machine for the suite of disks: two virtio disks, and an NVMe with two paths.

import { closeSync, openSync, truncateSync } from "node:fs";
import { join } from "node:path";

const BYTES = 256 * 1024 * 1024;

/** Arguments of QEMU. Creates the disks as sparse files in `folder`. */
export function disks(folder: string): string[] {
  const drive = (name: string): string[] => {
    const file = join(folder, `${name}.img`);
    closeSync(openSync(file, "w"));
    truncateSync(file, BYTES);
    return ["-drive", `file=${file},if=none,id=${name},format=raw`];
  };
  return [
    ...["disk0", "disk1"].flatMap((name) => [...drive(name), "-device", `virtio-blk-pci,drive=${name}`]),
    ...["-device", "nvme-subsys,id=subsystem", ...drive("nvme")],
    ...[0, 1].flatMap(() => ["-device", "nvme,serial=1,subsys=subsystem"]),
    ...["-device", "nvme-ns,drive=nvme,shared=on,nsid=1"],
  ];
}
