// Where the control groups of a container lie, in any mixture of cgroup v1 and v2. cgroups(7); layouts of runc's
// cgroupfs and systemd drivers.

import type { Files } from "../host/host.ts";

/** What counters are read from: files by path, or such as are kept open. */
export type TextFiles = Pick<Files, "read">;

/** Mount points of the hierarchies that hold what is read here; undefined where this host has none. */
export interface Hierarchies {
  /** v2, the unified one. */
  readonly unified: string | undefined;
  readonly cpuacct: string | undefined;
  readonly memory: string | undefined;
  readonly blkio: string | undefined;
}

/** Folders of one group. A resource is read from its v1 hierarchy where that is mounted, else from the unified one. */
export interface ControlGroup {
  readonly unified: string | undefined;
  readonly cpuacct: string | undefined;
  readonly memory: string | undefined;
  readonly blkio: string | undefined;
}

/** `text` is /proc/mounts. Controllers mounted together (cpu,cpuacct) are named in the options. */
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

/** `paths` is what /proc/PID/cgroup says: controller -> path below its hierarchy, "" for the unified one. */
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

/** Groups that container engines make by default; `--cgroup-parent` makes others, known once a process of theirs is. */
const LAYOUTS: readonly ((id: string) => string)[] = [
  (id) => `/docker/${id}`,
  (id) => `/system.slice/docker-${id}.scope`,
  (id) => `/machine.slice/libpod-${id}.scope`,
  (id) => `/libpod_parent/libpod-${id}`,
];

/** A file that every group of the hierarchy has, so that a half-mounted unified hierarchy is told from a used one. */
const PROCS = "cgroup.procs";

/**
 * The group of a container that has just started, from its id alone: at the start event no process id is known yet.
 * Undefined where none of the usual layouts has it.
 */
export function findGroup(files: Files, hierarchies: Hierarchies, id: string): ControlGroup | undefined {
  const root = hierarchies.cpuacct ?? hierarchies.unified;
  if (root === undefined) return undefined;
  const path = LAYOUTS.map((layout) => layout(id)).find((path) => files.exists(`${root}${path}/${PROCS}`));
  if (path === undefined) return undefined;
  return groupAt(hierarchies, new Map(["", "cpuacct", "memory", "blkio"].map((controller) => [controller, path])));
}

/** Folder whose cgroup.procs lists the processes of the group. */
export const groupFolder = (group: ControlGroup): string | undefined => group.cpuacct ?? group.unified;
