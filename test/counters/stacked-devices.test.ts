// Block I/O of a cgroup on stacks of devices, with the figures that Linux 6.1 counted for 10 MB read and written.

import { expect, it } from "vitest";
import { StackedDevices } from "../../agent/counters/stacked-devices.ts";
import { parseIoStat } from "../../agent/proc/cgroup.ts";
import { makeFakeHost } from "../fakes/host.ts";

const MB10 = 10_485_760;

/** Devices by number: the name, and the devices below as paths such as dm-0/vda. A path begins at the topmost one. */
const DEVICES: Readonly<Record<string, readonly [name: string, ...below: string[]]>> = {
  "253:0": ["vda"],
  "253:16": ["vdb"],
  "253:32": ["vdc"],
  "254:0": ["dm-0", "vda"],
  "254:1": ["dm-1", "dm-0/vda"],
  "254:2": ["dm-2", "vdb", "vdc"],
  "254:3": ["dm-3", "vda2"],
  "254:4": ["dm-4", "loop0"],
  "7:0": ["loop0"],
  "1:0": ["ram0"],
  "259:1": ["nvme0n1"],
};

function makeHost() {
  const host = makeFakeHost();
  for (const [device, [name, ...below]] of Object.entries(DEVICES)) {
    host.files.links[`/sys/dev/block/${device}`] = `../../devices/virtual/block/${name}`;
    for (const path of below) {
      const folders = path.split("/");
      const at = (depth: number) => `/sys/dev/block/${device}/slaves/${folders.slice(0, depth).join("/slaves/")}`;
      folders.forEach((folder, i) => {
        host.files.links[at(i + 1)] = `../../../../pci/block/${folder === "vda2" ? "vda/vda2" : folder}`;
        if (folder === "vda2") host.files.over[`${at(i + 1)}/partition`] = "2\n";
      });
    }
  }
  return host;
}

const line = (device: string, read: number, wrote = read) =>
  `${device} rbytes=${read} wbytes=${wrote} rios=${read / 1024} wios=${wrote / 1024} dbytes=0 dios=0\n`;

function bytesOf(...lines: string[]): [read: number, wrote: number] {
  const { rd_bytes, wr_bytes } = new StackedDevices(makeHost()).sum(parseIoStat(lines.join("")));
  return [rd_bytes, wr_bytes];
}

it.each<[string, ...string[]]>([
  ["a disk", line("253:0", MB10)],
  ["dm on dm on a disk", line("253:0", MB10), line("254:0", MB10), line("254:1", MB10)],
  ["dm on a partition", line("253:0", MB10), line("254:3", MB10)],
  ["a stripe over two disks", line("253:32", MB10 / 2), line("253:16", MB10 / 2), line("254:2", MB10)],
  ["RAID 5, whose thread writes", line("253:16", MB10 / 2, 0), line("253:32", MB10 / 2, 0), line("254:2", MB10)],
  ["dm-multipath, whose paths count nothing", "253:16 \n253:32 \n", line("254:2", MB10)],
  ["a file behind a loop device, whose thread writes", line("7:0", MB10)],
  ["a file behind a loop device, counted at its disk too", line("253:0", MB10), line("7:0", MB10)],
  ["dm on a loop device", line("253:0", MB10), line("7:0", MB10), line("254:4", MB10)],
  ["a disk in memory", line("1:0", MB10)],
  ["a multipath NVMe", line("259:1", MB10)],
  ["a device that /sys does not have", line("8:0", MB10)],
])("counts transfers once on %s", (_, ...lines) => {
  expect(bytesOf(...lines)).toEqual([MB10, MB10]);
});

it("counts a mirrored write at both disks, as the host's record does", () => {
  const mirror = [line("253:32", 0, MB10), line("253:16", MB10), line("254:2", MB10)];
  expect(bytesOf(...mirror)).toEqual([MB10, 2 * MB10]);
});

it("adds transfers that reach a disk without its upper layers, and those of other disks", () => {
  expect(bytesOf(line("253:0", MB10 + 4096), line("254:0", MB10), line("253:16", 1024))).toEqual([
    MB10 + 5120,
    MB10 + 5120,
  ]);
});

it("counts requests like bytes, and nothing without I/O", () => {
  const devices = new StackedDevices(makeHost());
  const sum = devices.sum(parseIoStat(line("253:0", 4096, 1024) + line("254:0", 4096, 1024)));
  expect(sum).toEqual({ rd_req: 4, rd_bytes: 4096, wr_req: 1, wr_bytes: 1024 });
  expect(devices.sum(new Map())).toEqual({ rd_req: 0, rd_bytes: 0, wr_req: 0, wr_bytes: 0 });
});

it("reads /sys again after ten seconds, because a device number may belong to another device", () => {
  const host = makeHost();
  const devices = new StackedDevices(host);
  const wrote = () => devices.sum(parseIoStat(line("253:16", 0, MB10) + line("254:0", 0, MB10))).wr_bytes;
  expect(wrote()).toBe(2 * MB10);
  host.files.links["/sys/dev/block/254:0/slaves/vdb"] = "../../../../pci/block/vdb";
  delete host.files.links["/sys/dev/block/254:0/slaves/vda"];
  expect(wrote()).toBe(2 * MB10);
  host.clock.advance(10);
  expect(wrote()).toBe(MB10);
});
