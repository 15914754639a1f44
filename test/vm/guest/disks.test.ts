// Transfers of the host and of a control group on an NVMe with two paths and on stacked devices, on a kernel with a
// hundred other block devices. Judged by what the kernel counts at the disks. kernel: admin-guide/iostats, cgroup-v2.

import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { findHierarchies } from "../../../agent/counters/control-group.ts";
import { makeHostDiskIo } from "../../../agent/counters/host-disk-io.ts";
import { StackedDevices } from "../../../agent/counters/stacked-devices.ts";
import { makeLinuxHost } from "../../../agent/host/linux.ts";
import { GroupFinder } from "../../../agent/workloads/group-finder.ts";
import { ProcessGroup } from "../../../agent/workloads/process-group.ts";
import { run, until } from "../../e2e/command.ts";

const MIB = 1 << 20;
const SECTOR = 512;
const GROUP = "/hsflowd-disks";
const FOLDER = `/sys/fs/cgroup${GROUP}`;

const host = makeLinuxHost();

const diskRows = (): string[][] =>
  readFileSync("/proc/diskstats", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/));

/** Creates a device on other devices, and returns its path. There is no udev here. */
function stack(name: string, table: string): string {
  run("dmsetup", "create", name, "--noudevsync", "--table", table);
  run("dmsetup", "mknodes");
  return `/dev/mapper/${name}`;
}

/** Writes and reads so many MiB, past the page cache, in the control group. */
function transfer(device: string, blocks: number): void {
  const work = `echo $$ >${FOLDER}/cgroup.procs
    dd if=/dev/zero of=${device} bs=1M count=${blocks} oflag=direct
    dd if=${device} of=/dev/null bs=1M count=${blocks} iflag=direct`;
  run("sh", "-ec", work);
}

/** Returns what the kernel has counted for the group at one device. */
function counted(device: string) {
  const number = run("lsblk", "-dno", "MAJ:MIN", device).trim();
  const line = new RegExp(`^${number} (.*)$`, "m").exec(readFileSync(`${FOLDER}/io.stat`, "utf8"))?.[1] ?? "";
  const at = (key: string) => Number(new RegExp(`\\b${key}=(\\d+)`).exec(line)?.[1]);
  return { rd_req: at("rios"), rd_bytes: at("rbytes"), wr_req: at("wios"), wr_bytes: at("wbytes") };
}

describe("on Debian's kernel, transfers", () => {
  let group: ProcessGroup;
  let nvme: string;

  beforeAll(async () => {
    for (const module of ["virtio_blk", "nvme", "dm-mod", "dm-multipath", "dm-round-robin"]) run("modprobe", module);
    const head = () => diskRows().find(([, , name = ""]) => /^nvme\d+n1$/.test(name))?.[2];
    nvme = `/dev/${await until("the NVMe", head)}`;
    writeFileSync("/sys/fs/cgroup/cgroup.subtree_control", "+io");
    mkdirSync(FOLDER);
    const hierarchies = findHierarchies(readFileSync("/proc/mounts", "utf8"));
    const groups = new GroupFinder(host.files, host.clock, hierarchies);
    const world = { host, groups, devices: new StackedDevices(host), openNetwork: () => undefined };
    group = new ProcessGroup(world, { cgroup: GROUP }, () => undefined);
    return () => {
      group.release();
      rmdirSync(FOLDER);
    };
  });

  test("of a control group count once, whatever layers its disks have", () => {
    const lower = stack("lower", "0 400000 linear /dev/vda 0");
    transfer(stack("upper", `0 390000 linear ${lower} 0`), 8);
    const parts = [counted("/dev/vda")];
    expect(group.read().blockIo).toEqual(parts[0]);
    expect(parts[0]?.wr_bytes).toBe(8 * MIB);

    // The paths count nothing for the group.
    const paths = stack("paths", "0 400000 multipath 0 0 1 1 round-robin 0 1 1 /dev/vdb 1");
    transfer(paths, 4);
    transfer(nvme, 2);
    parts.push(counted(paths), counted(nvme));
    const sum = (key: "rd_req" | "rd_bytes" | "wr_req" | "wr_bytes") =>
      parts.reduce((total, part) => total + part[key], 0);
    expect([sum("rd_bytes"), sum("wr_bytes")]).toEqual([14 * MIB, 14 * MIB]);
    expect(group.read().blockIo).toEqual({
      rd_req: sum("rd_req"),
      rd_bytes: 14 * MIB,
      wr_req: sum("wr_req"),
      wr_bytes: 14 * MIB,
    });
  });

  test("of the host are those of all disks, and of a multipath NVMe those of its paths", () => {
    const { value } = makeHostDiskIo(host.files)(undefined)?.record ?? {};
    const rows = diskRows().filter(([, , name]) => /^(vda|vdb|nvme\d+c\d+n1)$/.test(name ?? ""));
    const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0);
    expect(rows.length).toBe(4);
    expect(
      diskRows()
        .find(([, , name]) => `/dev/${name}` === nvme)
        ?.slice(3, 10),
    ).toEqual(Array(7).fill("0"));
    expect(readFileSync("/proc/diskstats", "latin1").indexOf(" vda ")).toBeGreaterThan(4096);
    expect(value).toMatchObject({ reads: sum(3), bytes_read: sum(5) * SECTOR, writes: sum(7), write_time: sum(10) });
    expect(value).toMatchObject({ bytes_written: sum(9) * SECTOR });
    expect(sum(9) * SECTOR).toBeGreaterThanOrEqual(14 * MIB);
  });
});
