// Other sFlow agents of this host: hsflowd itself, and agents of this program with another identity. Collectors would
// receive the packets and counters of the host twice. See proc_pid_comm(5), proc_net(5).

import { basename } from "node:path";
import type { Files } from "../host/host.ts";

/** Begins the names of the abstract sockets by which agents of this program claim their identities. */
export const IDENTITY_PREFIX = "hsflowd-ts/";

type Readable = Pick<Files, "read" | "list" | "link">;

const networkOf = (files: Readable, pid: string): string | undefined => files.link(`/proc/${pid}/ns/net`);

/** Tells whether the process is a hsflowd in this network namespace. A script of that name is not the agent. */
function isHsflowd(files: Readable, pid: string): boolean {
  if (files.read(`/proc/${pid}/comm`)?.trim() !== "hsflowd") return false;
  const [program = ""] = (files.read(`/proc/${pid}/cmdline`) ?? "").split("\0");
  const network = networkOf(files, pid);
  return basename(program) === "hsflowd" && (network === undefined || network === networkOf(files, "self"));
}

/** Returns the identities that agents of this network namespace hold. The kernel shows a zero in a name as @. */
function identities(files: Readable): string[] {
  const mark = `@${IDENTITY_PREFIX}`;
  const lines = (files.read("/proc/net/unix") ?? "").split("\n").filter((line) => line.includes(mark));
  return [...new Set(lines.map((line) => line.slice(line.indexOf(mark) + mark.length).replace(/@+$/, "")))];
}

/** Describes each other agent, before this one has claimed its own identity and dropped the right to see processes. */
export function otherAgents(files: Readable, ownPid: number): string[] {
  const pids = files.list("/proc").filter((name) => /^\d+$/.test(name) && name !== String(ownPid));
  return [
    ...pids.filter((pid) => isHsflowd(files, pid)).map((pid) => `hsflowd, process ${pid}`),
    ...identities(files).map((identity) => `hsflowd-ts, agent ${identity}`),
  ];
}
