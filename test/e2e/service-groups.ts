// Processes in control groups of this machine, laid out as systemd does it: a service without systemd. cgroups(7).

import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { type Child, start } from "./child.ts";
import type { Namespace } from "./namespaces.ts";

const SLICE = "/system.slice";

/** Mount points of the hierarchies that counters are read from. */
const mounts = readFileSync("/proc/mounts", "utf8")
  .split("\n")
  .map((line) => line.split(" "))
  .filter(([, , type = "", options = ""]) => type === "cgroup2" || /\b(cpuacct|memory|blkio)\b/.test(options))
  .flatMap(([, mountPoint, type]) => (type?.startsWith("cgroup") ? [{ mountPoint, type }] : []));

export interface ServiceGroup {
  readonly unit: string;
  /** Inode of its group in the unified hierarchy. */
  readonly id: number;
  /** Starts a shell command as a process of it. */
  run(namespace: Pick<Namespace, "command">, command: string): Child;
  /** Milliseconds. */
  cpuTime(): number;
  /** As systemd does when no process is left. */
  remove(): void;
}

export function makeService(name: string): ServiceGroup {
  const unit = `hsflowd-e2e-${process.pid}-${name}.service`;
  const groups = mounts.map(({ mountPoint }) => `${mountPoint}${SLICE}/${unit}`);
  for (const group of groups) mkdirSync(group, { recursive: true });
  const find = (file: string) => groups.find((group) => existsSync(`${group}/${file}`));
  const accounted = find("cpuacct.usage");
  const unified = mounts.findIndex(({ type }) => type === "cgroup2");
  return {
    unit,
    id: statSync(groups[unified] ?? "/").ino,
    run(namespace, command) {
      const enter = groups.map((group) => `echo $$ >${group}/cgroup.procs`).join("; ");
      return start(namespace, ["sh", "-c", `${enter}; echo ready; ${command}`]);
    },
    cpuTime() {
      if (accounted !== undefined) return Number(readFileSync(`${accounted}/cpuacct.usage`, "utf8")) / 1e6;
      const text = readFileSync(`${find("cpu.stat")}/cpu.stat`, "utf8");
      return Number(/^usage_usec (\d+)/m.exec(text)?.[1]) / 1000;
    },
    remove() {
      for (const group of groups) rmdirSync(group);
    },
  };
}

/** Leaves the slices of a machine that has services. */
export function removeSlices(): void {
  for (const { mountPoint } of mounts) {
    try {
      rmdirSync(`${mountPoint}${SLICE}`);
    } catch {
      // systemd's own.
    }
  }
}
