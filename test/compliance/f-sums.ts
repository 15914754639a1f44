// F, sums over devices: whole disks once, file systems once, the network without interfaces that would count twice.

import { hostDiskIo } from "../../agent/sflow/records/counter/host-disk-io.ts";
import { hostNetIo } from "../../agent/sflow/records/counter/host-net-io.ts";
import { compare, counter32, counter64, gauge, type Row } from "./against-kernel.ts";
import { type Check, check, type Find } from "./check.ts";
import { hostSamples } from "./f-host.ts";
import { type DiskRow, diskstats, netDev } from "./kernel-text.ts";
import { linksOf, type Snapshot } from "./truth.ts";

/** ram, loop, md and device-mapper devices lie on other disks, or on none. */
const STACKED = [1, 7, 9, 253];
const PARTITION = /^((sd|hd|vd|xvd)[a-z]+\d+|(nvme\d+n\d+|mmcblk\d+|nbd\d+)p\d+)$/;

/** A row whose disk is listed too is a partition; a lone xvda1 is a disk. */
function wholeDisks(snapshot: Snapshot): DiskRow[] {
  const rows = diskstats(snapshot).filter(({ major }) => !STACKED.includes(major));
  const names = new Set(rows.map(({ name }) => name));
  const parent = (name: string): string => name.replace(/p?\d+$/, "");
  return rows.filter(({ name }) => !(PARTITION.test(name) && names.has(parent(name))));
}

const disks =
  (column: number, unit = 1): Row["read"] =>
  (snapshot) =>
    wholeDisks(snapshot).reduce((sum, { columns }) => sum + (columns[column] ?? 0) * unit, 0);

const SECTOR = 512;

const DISK_IO = [
  counter32("reads", disks(0)),
  counter64("bytes_read", disks(2, SECTOR)),
  counter32("read_time", disks(3)),
  counter32("writes", disks(4)),
  counter64("bytes_written", disks(6, SECTOR)),
  counter32("write_time", disks(7)),
];

const ARPHRD_LOOPBACK = 772;
const IFF_UP = 1;

const adapters =
  (column: string): Row["read"] =>
  (snapshot) => {
    const up = linksOf(snapshot).filter(({ type, flags }) => type !== ARPHRD_LOOPBACK && (flags & IFF_UP) !== 0);
    const devices = netDev(snapshot);
    return up.reduce((sum, { name }) => sum + (devices.get(name)?.get(column) ?? 0), 0);
  };

const NET_IO = [
  counter64("bytes_in", adapters("rx_bytes")),
  counter32("pkts_in", adapters("rx_packets")),
  counter32("errs_in", adapters("rx_errs")),
  counter32("drops_in", adapters("rx_drop")),
  counter64("bytes_out", adapters("tx_bytes")),
  counter32("pkts_out", adapters("tx_packets")),
  counter32("errs_out", adapters("tx_errs")),
  counter32("drops_out", adapters("tx_drop")),
];

/** Sizes of local read-write file systems, each device once. */
function fileSystems({ files, sizes }: Snapshot): { total: number; available: number }[] {
  const lines = (files["/proc/mounts"] ?? "").split("\n").map((line) => line.split(" "));
  const seen = new Set<string>();
  return lines.flatMap(([device = "", mountPoint = "", , options = ""]) => {
    const size = sizes[mountPoint];
    if (!device.startsWith("/dev/") || !/^rw\b/.test(options) || seen.has(device) || size === undefined) return [];
    seen.add(device);
    return [size];
  });
}

const sumOf =
  (key: "total" | "available"): Row["read"] =>
  (snapshot) =>
    fileSystems(snapshot).reduce((sum, size) => sum + size[key], 0);

const fullest: Row["read"] = (snapshot) =>
  Math.max(
    0,
    ...fileSystems(snapshot).map(({ total, available }) => (total === 0 ? 0 : ((total - available) / total) * 1e4)),
  );

/** Bytes that other processes write meanwhile. */
const BYTES = 256 << 20;
/** The agent asks for sizes every ten seconds at most. */
const SECONDS = 12;

const host =
  (type: Parameters<typeof compare>[2], rows: readonly Row[]): Find =>
  (evidence) =>
    compare(evidence, hostSamples(evidence), type, rows);

export const sums: readonly Check[] = [
  check(
    "F-18",
    "M",
    "disk space is that of local file systems, each once",
    host(hostDiskIo, [gauge("disk_total", sumOf("total")), gauge("disk_free", sumOf("available"), BYTES, SECONDS)]),
  ),
  check(
    "F-19",
    "M",
    "part_max_used is that of the fullest",
    host(hostDiskIo, [gauge("part_max_used", fullest, 100, SECONDS)]),
  ),
  check("F-20", "M", "disk I/O is that of whole disks", host(hostDiskIo, DISK_IO)),
  check("F-21", "M", "network I/O is that of adapters, loopback left out", host(hostNetIo, NET_IO)),
];
