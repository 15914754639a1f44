// Finds the control groups of a container, in any mixture of cgroup v1 and v2. cgroups(7); the layouts of the cgroupfs
// and systemd drivers of runc.

import type { Files } from "../host/host.ts";

/** The files of counters, read by path or kept open. */
export type TextFiles = Pick<Files, "read">;

/** Mount points of the hierarchies with the files read here; undefined if this host lacks one. */
export interface Hierarchies {
  /** The unified hierarchy of v2. */
  readonly unified: string | undefined;
  readonly cpuacct: string | undefined;
  readonly memory: string | undefined;
  readonly blkio: string | undefined;
}

/** Folders of one group. A resource is read from its v1 hierarchy if that is mounted, else from the unified one. */
export interface ControlGroup {
  readonly unified: string | undefined;
  readonly cpuacct: string | undefined;
  readonly memory: string | undefined;
  readonly blkio: string | undefined;
}

/** Finds the hierarchies in /proc/mounts. The options of a mount name its controllers (cpu,cpuacct). */
export function findHierarchies(text: string): Hierarchies {
  const found: { -readonly [K in keyof Hierarchies]: string | undefined } = {
    unified: undefined,
    cpuacct: undefined,
    memory: undefined,
    blkio: undefined,
  };
  for (const line of text.split("\n")) {
    const [, mountPoint, type, options = ""] = line.split(" ");
    if (type === "cgroup2") found.unified ??= mountPoint;
    if (type !== "cgroup") continue;
    for (const option of options.split(",")) {
      if (option === "cpuacct" || option === "memory" || option === "blkio") found[option] ??= mountPoint;
    }
  }
  return found;
}

/** Returns the group at `paths` of /proc/PID/cgroup: the path by controller, "" for the unified hierarchy. */
export function groupAt(hierarchies: Hierarchies, paths: ReadonlyMap<string, string>): ControlGroup {
  const at = (mountPoint: string | undefined, controller: string): string | undefined => {
    const path = paths.get(controller);
    return mountPoint === undefined || path === undefined || path === "/" ? undefined : mountPoint + path;
  };
  return {
    unified: at(hierarchies.unified, ""),
    cpuacct: at(hierarchies.cpuacct, "cpuacct"),
    memory: at(hierarchies.memory, "memory"),
    blkio: at(hierarchies.blkio, "blkio"),
  };
}

/** Groups that container engines make by default. Those of `--cgroup-parent` are found by a process in them. */
const LAYOUTS: readonly ((id: string) => string)[] = [
  (id) => `/docker/${id}`,
  (id) => `/system.slice/docker-${id}.scope`,
  (id) => `/machine.slice/libpod-${id}.scope`,
  (id) => `/libpod_parent/libpod-${id}`,
];

/** A file that every group has. It tells a hierarchy in use from one that is only mounted. */
const PROCS = "cgroup.procs";

/**
 * Finds the group of a container by its id, because a start event has no process id. Returns undefined if none of the
 * default layouts has it.
 */
export function findGroup(files: Files, hierarchies: Hierarchies, id: string): ControlGroup | undefined {
  const root = hierarchies.cpuacct ?? hierarchies.unified;
  if (root === undefined) return undefined;
  const path = LAYOUTS.map((layout) => layout(id)).find((path) => files.exists(`${root}${path}/${PROCS}`));
  if (path === undefined) return undefined;
  return groupAt(hierarchies, new Map(["", "cpuacct", "memory", "blkio"].map((controller) => [controller, path])));
}

/** Returns the folder whose cgroup.procs lists the processes of the group. */
export const groupFolder = (group: ControlGroup): string | undefined => group.cpuacct ?? group.unified;
