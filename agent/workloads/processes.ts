// Processes of a cgroup: which one is the first, whether any is left, and whether a process still runs. See proc(5),
// cgroups(7).

import { type ControlGroup, groupFolder } from "../counters/control-group.ts";
import type { Files } from "../host/host.ts";
import { parseKeyed, parseProcs } from "../proc/cgroup.ts";
import { isRunning, type PidStat, parsePidStat } from "../proc/pid-stat.ts";

const processesOf = (files: Files, folder: string | undefined): readonly number[] =>
  folder === undefined ? [] : parseProcs(files.read(`${folder}/cgroup.procs`) ?? "");

/** Tells whether a process is process 1 of a pid namespace other than the host's. */
export const isInit = (files: Pick<Files, "read">, pid: number): boolean =>
  /^NSpid:.*\t1$/m.test(files.read(`/proc/${pid}/status`) ?? "");

/** Returns process 1 of the container's pid namespace. In the host's pid namespace, returns the lowest process id. */
export function firstProcess(files: Files, group: ControlGroup): number | undefined {
  const pids = processesOf(files, groupFolder(group));
  const first = pids.find((pid) => isInit(files, pid));
  return first ?? pids.toSorted((a, b) => a - b)[0];
}

/**
 * Looks for processes in child cgroups too, because systemd and nested engines move processes there. A cgroup whose
 * processes cannot be read is not empty.
 */
export function isEmpty(files: Files, group: ControlGroup): boolean {
  const folder = groupFolder(group);
  if (folder === undefined || processesOf(files, folder).length > 0) return false;
  if (files.errorOf(`${folder}/cgroup.procs`) !== undefined) return !files.exists(folder);
  const populated = parseKeyed(files.read(`${folder}/cgroup.events`) ?? "").get("populated");
  if (populated !== undefined) return populated === 0;
  return !files.list(folder).some((name) => files.exists(`${folder}/${name}/cgroup.procs`));
}

export function readPidStat(files: Pick<Files, "read">, pid: number): PidStat | undefined {
  const stat = files.read(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : parsePidStat(stat);
}

/** Returns false for a process that has ended, including a zombie. */
export function isAlive(files: Pick<Files, "read">, pid: number): boolean {
  const stat = readPidStat(files, pid);
  return stat !== undefined && isRunning(stat);
}
