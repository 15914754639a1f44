// The folders of a cgroup on hosts with cgroup v1, v2 or both. See cgroups(7).

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

/** Returns the folder whose cgroup.procs lists the processes of the cgroup. */
export const groupFolder = (group: ControlGroup): string | undefined => group.cpuacct ?? group.unified;
