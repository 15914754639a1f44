// Records the kernel's values again and again: one JSON line a snapshot, the files as they are read. Arguments:
// output file, milliseconds between snapshots. Runs inside the namespace that it describes.

import { appendFileSync, readdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";

const [file, pause] = process.argv.slice(2);
const PROC = ["loadavg", "meminfo", "vmstat", "stat", "uptime", "diskstats", "net/dev", "net/snmp", "mounts"];
const LINK = ["ifindex", "address", "operstate", "flags", "type", "speed", "duplex"];
const ONCE = ["cpuinfo", "sys/kernel/hostname", "sys/kernel/osrelease"];

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function size(mountPoint) {
  try {
    const { bsize, blocks, bavail } = statfsSync(mountPoint);
    return { total: blocks * bsize, available: bavail * bsize };
  } catch {
    return undefined;
  }
}

function linkFiles() {
  const names = readdirSync("/sys/class/net");
  return names.flatMap((name) => LINK.map((fact) => `/sys/class/net/${name}/${fact}`));
}

function snapshot(first) {
  const time = Date.now() / 1000;
  const proc = [...PROC, ...(first ? ONCE : [])].map((name) => `/proc/${name}`);
  const files = Object.fromEntries([...proc, ...linkFiles()].map((path) => [path, read(path)]));
  const mounts = (files["/proc/mounts"] ?? "").split("\n").map((line) => line.split(" "));
  const disks = mounts.filter(([device]) => device?.startsWith("/dev/"));
  const sizes = Object.fromEntries(disks.map(([, mountPoint]) => [mountPoint, size(mountPoint)]));
  return `${JSON.stringify({ time, files, sizes })}\n`;
}

writeFileSync(file, snapshot(true));
process.stdout.write("recording\n");
setInterval(() => appendFileSync(file, snapshot(false)), Number(pause));
