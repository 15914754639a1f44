// The privileges of the threads of a process. /proc/PID/task/TID/status, capabilities(7).

import { readdirSync, readFileSync } from "node:fs";

export interface Rights {
  readonly uid: string;
  readonly gid: string;
  readonly groups: string;
  readonly permitted: string;
  readonly effective: string;
  readonly bounding: string;
  readonly inheritable: string;
  readonly ambient: string;
  readonly noNewPrivileges: string;
}

const NONE = "0000000000000000";

/** Hexadecimal, as in the file. linux/capability.h */
export const NET_RAW = "0000000000002000";
export const NET_RAW_PTRACE_ADMIN = "0000000000282000";

/** User and group nobody, with these capabilities and no way to gain others. */
export const nobodyWith = (capabilities: string, groups = ""): Rights => ({
  uid: "65534 65534 65534 65534",
  gid: "65534 65534 65534 65534",
  groups,
  permitted: capabilities,
  effective: capabilities,
  bounding: capabilities,
  inheritable: NONE,
  ambient: NONE,
  noNewPrivileges: "1",
});

/** Parses the text of a status file. */
export function rightsIn(status: string): Rights {
  const field = (name: string) =>
    new RegExp(`^${name}:\\t(.*)$`, "m").exec(status)?.[1]?.trim().replaceAll("\t", " ") ?? "";
  return {
    uid: field("Uid"),
    gid: field("Gid"),
    groups: field("Groups"),
    permitted: field("CapPrm"),
    effective: field("CapEff"),
    bounding: field("CapBnd"),
    inheritable: field("CapInh"),
    ambient: field("CapAmb"),
    noNewPrivileges: field("NoNewPrivs"),
  };
}

/** Returns the privileges of every thread, each kind once: a single item where all threads are alike. */
export function rightsOf(pid: number): Rights[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  if (threads.length < 5) throw new Error(`process ${pid} has only ${threads.length} threads: it is no agent at work`);
  const all = threads.map((thread) =>
    JSON.stringify(rightsIn(readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8"))),
  );
  return [...new Set(all)].map((text) => JSON.parse(text) as Rights);
}
