// The block devices that are disks, on hosts with stacked devices and with few.

import { expect, it } from "vitest";
import { makeHostDiskIo } from "../../agent/counters/host-disk-io.ts";
import { wholeDisks } from "../../agent/counters/whole-disks.ts";
import { parseDiskstats } from "../../agent/proc/diskstats.ts";
import { type HostTree, hostTree } from "../fakes/files.ts";

function disksOf(files: HostTree): string[] {
  const rows = parseDiskstats(files.read("/proc/diskstats") ?? "");
  return wholeDisks(files, rows).map((row) => row.name);
}

it.each([
  ["virtual-machine", ["vda"]],
  ["old-kernel", ["hda", "hdc"]],
  ["arm64-server", ["nvme0n1"]],
  ["mirrored-volumes", ["sda", "sdb", "sr0"]],
])("counts whole disks of %s once", (host, disks) => {
  expect(disksOf(hostTree(host))).toEqual(disks);
});

const row = (name: string, count: number) => `259 0 ${name} ${count} 0 8 0 ${count} 0 8 0 0 0 0\n`;

it("counts a multipath NVMe at its paths if the kernel does not count at the NVMe itself", () => {
  const files = hostTree("arm64-server");
  files.over["/sys/block/nvme0c1n1/device"] = "";
  files.over["/proc/diskstats"] = row("nvme0n1", 0) + row("nvme0c0n1", 700) + row("nvme0c1n1", 300);
  expect(disksOf(files)).toEqual(["nvme0c0n1", "nvme0c1n1"]);
  files.over["/proc/diskstats"] = row("nvme0n1", 1000) + row("nvme0c0n1", 700) + row("nvme0c1n1", 300);
  expect(disksOf(files)).toEqual(["nvme0n1"]);
});

it("counts a multipath NVMe once also without /sys", () => {
  const rows = (head: number) => parseDiskstats(row("nvme10n2", head) + row("nvme10c3n2", 5) + row("nvme1n1", 5));
  expect(wholeDisks(hostTree("nowhere"), rows(0)).map(({ name }) => name)).toEqual(["nvme10c3n2", "nvme1n1"]);
  expect(wholeDisks(hostTree("nowhere"), rows(5)).map(({ name }) => name)).toEqual(["nvme10n2", "nvme1n1"]);
});

it("takes the lowest devices if none has a device in /sys", () => {
  const files = hostTree("old-kernel");
  files.over["/proc/diskstats"] = ["nbd0", "dm-0", "loop0"]
    .map((name) => `43 0 ${name} 1 0 8 0 1 0 8 0 0 0 0\n`)
    .join("");
  for (const name of ["nbd0", "dm-0", "loop0"]) files.over[`/sys/block/${name}/size`] = "8\n";
  files.over["/sys/block/dm-0/slaves/nbd0/dev"] = "43:0\n";
  files.over["/sys/block/hda/device/media"] = undefined;
  expect(disksOf(files)).toEqual(["nbd0"]);
});

it("finds disks by name without /sys", () => {
  const names = ["sda", "sda1", "sdb", "nvme0n1", "nvme0n1p1", "mmcblk0", "mmcblk0p2", "md0", "dm-3", "loop1", "zram0"];
  const rows = parseDiskstats(names.map((name) => `1 0 ${name} 1 0 1 0 1 0 1 0 0 0 0\n`).join(""));
  expect(wholeDisks(hostTree("nowhere"), rows).map((row) => row.name)).toEqual(["sda", "sdb", "nvme0n1", "mmcblk0"]);
});

it("sums transfers of disks, not of devices on top of them", () => {
  const read = makeHostDiskIo(hostTree("mirrored-volumes"));
  const sum = read({ total: 1000, available: 400, mostUsed: 6000 });
  expect(sum?.record.value).toEqual({
    disk_total: 1000,
    disk_free: 400,
    part_max_used: 6000,
    reads: 1503,
    bytes_read: 12012 * 512,
    read_time: 151,
    writes: 4000,
    bytes_written: 32000 * 512,
    write_time: 410,
  });
  expect(sum?.parts).toBe("sda,sdb,sr0");
});

it("reads /sys again only if the devices change, and then identifies the sum as another", () => {
  const files = hostTree("mirrored-volumes");
  const read = makeHostDiskIo(files);
  read(undefined);
  const before = files.reads.length;
  read(undefined);
  expect(files.reads.slice(before)).toEqual(["/proc/diskstats"]);
  files.over["/proc/diskstats"] = " 8 0 sda 1 0 8 0 1 0 8 0 0 0 0\n";
  expect(read(undefined)?.parts).toBe("sda");
});

it("keeps known values if others are unknown, and does not report unknown values as zero", () => {
  const files = hostTree("virtual-machine");
  files.over["/proc/diskstats"] = undefined;
  const space = { total: 5, available: 4, mostUsed: 2000 };
  expect(makeHostDiskIo(files)(space)?.record.value).toMatchObject({ disk_total: 5, reads: undefined });
  expect(makeHostDiskIo(files)(undefined)).toBe(undefined);
  files.over["/proc/diskstats"] = " 7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n";
  expect(makeHostDiskIo(files)(undefined)?.record.value).toMatchObject({
    bytes_read: undefined,
    part_max_used: undefined,
  });
});
