// Finds the cgroups of a container, on hosts with cgroup v1, v2 or both, in the layouts of the cgroupfs and systemd
// drivers of runc. See cgroups(7).

import type { Files } from "../host/host.ts";

/** A reader of counter files, by path or with files kept open. */
export type TextFiles = Pick<Files, "read">;

/** Mount points of the cgroup hierarchies that are read here. A hierarchy that this host lacks is undefined. */
export interface Hierarchies {
  /** The unified hierarchy of v2. */
  readonly unified: string | undefined;
  readonly cpuacct: string | undefined;
  readonly memory: string | undefined;
  readonly blkio: string | undefined;
}

/** Folders of one cgroup. A resource is read from its v1 hierarchy if that is mounted, or else from the unified one. */
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

/**
 * Returns the cgroup of a process. `paths` is from /proc/PID/cgroup: paths by controller, "" for the unified hierarchy.
 */
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

/**
 * Paths of cgroups that container engines create by default. With `--cgroup-parent`, a process must lead to the cgroup.
 */
const LAYOUTS: readonly ((id: string) => string)[] = [
  (id) => `/docker/${id}`,
  (id) => `/system.slice/docker-${id}.scope`,
  (id) => `/machine.slice/libpod-${id}.scope`,
  (id) => `/libpod_parent/libpod-${id}`,
];

/** A file that every cgroup has. Its absence shows that a hierarchy is mounted, but not used for the container. */
const PROCS = "cgroup.procs";

/**
 * Finds the cgroup of a container by its id, because a start event has no process id. Returns undefined if the cgroup
 * is at none of the default paths.
 */
export function findGroup(files: Files, hierarchies: Hierarchies, id: string): ControlGroup | undefined {
  const root = hierarchies.cpuacct ?? hierarchies.unified;
  if (root === undefined) return undefined;
  const path = LAYOUTS.map((layout) => layout(id)).find((path) => files.exists(`${root}${path}/${PROCS}`));
  if (path === undefined) return undefined;
  return groupAt(hierarchies, new Map(["", "cpuacct", "memory", "blkio"].map((controller) => [controller, path])));
}

/** Returns the folder whose cgroup.procs lists the processes of the cgroup. */
export const groupFolder = (group: ControlGroup): string | undefined => group.cpuacct ?? group.unified;
