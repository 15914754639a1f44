// A fake kernel with containers in cgroups (version 1). It shows the processes that a test declares as files in /proc
// and in the hierarchies.

import { makeFakeHost } from "../../fakes/host.ts";

/** The first process of a container, and the container's cgroup. */
export interface FakeProcess {
  pid: number | undefined;
  alive: boolean;
  /** True if the cgroup is at the path that follows from the container's id; otherwise it is in /elsewhere. */
  group: boolean;
  /** The kernel has pidfds. */
  pidfd: boolean;
  /** Processor time used, in milliseconds. */
  cpu: number;
  /** Memory limit in bytes. */
  limit?: number;
}

export const MEMORY = 1024 * 1_000_000;

const MOUNTS = ["cpuacct", "memory", "blkio"].map((name) => `cgroup /g/${name} cgroup rw,${name} 0 0\n`).join("");
const TEXTS = { "/proc/mounts": MOUNTS, "/proc/meminfo": `MemTotal: ${MEMORY / 1024} kB\n`, "/proc/stat": "cpu0 1\n" };

/** Paths of files in a container's cgroup, and in /proc. */
const GROUP_FILE = /^\/g\/\w+\/(docker|elsewhere)\/([0-9a-f]{64})\/([\w.]+)$/;
const PROCESS_FILE = /^\/proc\/(\d+)\/(\w+)$/;

function groupFile({ pid, alive, cpu, limit }: FakeProcess, name: string): string | undefined {
  if (name === "cgroup.procs") return alive && pid !== undefined ? `${pid}\n` : "";
  if (name === "cpuacct.usage") return `${cpu * 1e6}\n`;
  if (name === "memory.usage_in_bytes") return "5\n";
  return name === "memory.limit_in_bytes" && limit !== undefined ? `${limit}\n` : undefined;
}

/** Start time of every process, in clock ticks. */
const STARTED = 4242;

/** A process of the host that belongs to no container. */
function foreignFile(pid: string, name: string): string | undefined {
  if (name === "stat") return `${pid} (sshd) S 1 ${pid} ${pid}`;
  if (name === "status") return `NSpid:\t${pid}\n`;
  return name === "cgroup" ? "1:cpuacct:/system.slice/ssh.service\n" : undefined;
}

function processFile(id: string, { pid, alive }: FakeProcess, name: string): string | undefined {
  if (!alive) return undefined;
  if (name === "stat") return `${pid} (sh) S 1 ${pid} ${pid} ${"0 ".repeat(15)}${STARTED}`;
  if (name === "status") return `NSpid:\t${pid}\t1\n`;
  return name === "cgroup" ? `1:cpuacct:/elsewhere/${id}\n2:memory:/elsewhere/${id}\n` : undefined;
}

/** `processes` is by container id; `foreign` has processes of no container. A test may change both at any time. */
export function makeKernel(processes: ReadonlyMap<string, FakeProcess>, foreign: ReadonlySet<number> = new Set()) {
  const host = makeFakeHost({ texts: TEXTS });
  const { files, sockets } = host;

  function fake(path: string): string | undefined {
    const [, place, id = "", name = ""] = GROUP_FILE.exec(path) ?? [];
    const inGroup = processes.get(id);
    if (inGroup !== undefined) return inGroup.group === (place === "docker") ? groupFile(inGroup, name) : undefined;
    const [, pid = "", file = ""] = PROCESS_FILE.exec(path) ?? [];
    if (foreign.has(Number(pid))) return foreignFile(pid, file);
    const [owner, process] = [...processes].find(([, other]) => String(other.pid) === pid) ?? [];
    return owner === undefined || process === undefined ? undefined : processFile(owner, process, file);
  }

  const { read, exists } = files;
  const pidfd = sockets.pidfd.bind(sockets);
  Object.assign(files, {
    read: (path: string) => fake(path) ?? read(path),
    exists: (path: string) => fake(path) !== undefined || exists(path),
  });
  Object.assign(sockets, {
    pidfd(pid: number) {
      if ([...processes.values()].some((process) => process.pid === pid && !process.pidfd)) {
        throw Object.assign(new Error("ENOSYS"), { code: "ENOSYS" });
      }
      return pidfd(pid);
    },
  });

  return {
    host,
    /** Makes the pidfd of a process readable, as the kernel does when the process ends. */
    end(pid: number | undefined): void {
      const watch = sockets.open.find(({ domain, protocol }) => domain === 0 && protocol === pid);
      if (watch !== undefined) sockets.deliver(watch, { bytes: new Uint8Array(0) });
    },
  };
}
