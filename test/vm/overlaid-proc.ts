// Files over those of /proc, as lxcfs puts them into a container, under the unit of the package. lxcfs(1)

import { expect } from "vitest";
import type { Receiver } from "../e2e/receiver.ts";
import type { Shell } from "./shell.ts";

const FILES = ["meminfo", "stat", "uptime"];
/** The machine has two processors and about 2 GB. */
const MAKE = [
  "mkdir -p /run/lxcfs",
  "sed 's/^MemTotal: .*/MemTotal: 1048576 kB/' /proc/meminfo >/run/lxcfs/meminfo",
  "grep -v '^cpu1' /proc/stat >/run/lxcfs/stat",
  "echo '77.00 70.00' >/run/lxcfs/uptime",
  ...FILES.map((file) => `mount --bind /run/lxcfs/${file} /proc/${file}`),
];

/** Restarts the service, and expects the figures of the files that lie over those of the kernel. */
export async function expectOverlaidProc(shell: Shell, receiver: Receiver): Promise<void> {
  for (const command of MAKE) await shell.run(command);
  await shell.run("systemctl stop hsflowd", 180);
  const before = receiver.datagrams().length;
  await shell.run("systemctl start hsflowd", 180);
  const samples = () =>
    receiver
      .datagrams()
      .slice(before)
      .flatMap(({ counters }) => counters)
      .filter(({ source }) => source === "2:1");
  await receiver.until("a sample of the host", () => samples().length > 0, 60);
  for (const file of FILES) await shell.run(`umount /proc/${file}`);
  const [cpu, memory] = [2003, 2004].map((format) => samples()[0]?.records.get(format));
  expect({
    memory: memory?.readBigUInt64BE(0),
    processors: cpu?.readUInt32BE(20),
    uptime: cpu?.readUInt32BE(28),
  }).toEqual({ memory: 1048576n * 1024n, processors: 1, uptime: 77 });
}
