// systemd's tree of control groups: finds services and their processes. See cgroups(7), systemd.slice(5).

import type { Files } from "../../host/host.ts";
import { parseKey, parseProcCgroup, parseProcs } from "../../proc/cgroup.ts";
import { isAlive } from "../../workloads/processes.ts";
import { isGroupOf, serviceIn } from "./unit-name.ts";

const V1_NAME = "name=systemd";

/** Returns the candidates in order. systemd's own tree is the unified one, or else `name=systemd` of cgroup v1. */
function mountPoints(text: string): string[] {
  const lines = text.split("\n").map((line) => line.split(" "));
  const unified = lines.filter(([, , type]) => type === "cgroup2");
  const named = lines.filter(([, , type, options]) => type === "cgroup" && options?.split(",").includes(V1_NAME));
  return [...unified, ...named].flatMap(([, mountPoint]) => mountPoint ?? []);
}

export class CgroupTree {
  readonly #files: Pick<Files, "read" | "list" | "exists" | "link">;
  #mount: string | undefined;

  constructor(files: Pick<Files, "read" | "list" | "exists" | "link">) {
    this.#files = files;
  }

  /** True if this host has a cgroup hierarchy that systemd manages. */
  get found(): boolean {
    return this.#root !== undefined;
  }

  /** Returns the services that have processes: path of the group by unit. Does not check the units in `known`. */
  scan(known: ReadonlySet<string> = new Set()): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const root = this.#root;
    if (root !== undefined) this.#scan(root, "", known, found);
    return found;
  }

  /** Returns the group of a service by its process; undefined if the process is gone or belongs to another unit. */
  pathOf(unit: string, pid: number): string | undefined {
    const paths = parseProcCgroup(this.#files.read(`/proc/${pid}/cgroup`) ?? "");
    for (const path of [paths.get(""), paths.get(V1_NAME)]) {
      const folders = path?.split("/") ?? [];
      const at = folders.findIndex((folder) => isGroupOf(folder, unit));
      if (at >= 0) return folders.slice(0, at + 1).join("/");
    }
    return undefined;
  }

  /** Returns the invocation ID of the present run of a service; empty if systemd is too old to publish it. */
  invocationOf(unit: string): string {
    return this.#files.link(`/run/systemd/units/invocation:${unit}`) ?? "";
  }

  /** Returns the path at which systemd puts a service by default; undefined if there is no such group. */
  usualPath(unit: string): string | undefined {
    const [, prefix] = /^(.+?)@/.exec(unit) ?? [];
    const slice = prefix === undefined ? "" : `/system-${prefix.replaceAll("-", "\\x2d")}.slice`;
    const path = `/system.slice${slice}/${unit}`;
    return this.#isGroup(`${this.#root}${path}`) ? path : undefined;
  }

  /** Returns the lowest process, which is usually the main one; undefined if none is left. */
  firstProcess(path: string): number | undefined {
    const pids = parseProcs(this.#files.read(`${this.#root}${path}/cgroup.procs`) ?? "");
    const first = pids.toSorted((a, b) => a - b).find((pid) => isAlive(this.#files, pid));
    if (first !== undefined) return first;
    for (const name of this.#files.list(`${this.#root}${path}`)) {
      const below = this.#isGroup(`${this.#root}${path}/${name}`) ? this.firstProcess(`${path}/${name}`) : undefined;
      if (below !== undefined) return below;
    }
    return undefined;
  }

  get #root(): string | undefined {
    this.#mount ??= mountPoints(this.#files.read("/proc/mounts") ?? "").find((path) =>
      this.#isGroup(`${path}/system.slice`),
    );
    return this.#mount;
  }

  #isGroup(folder: string): boolean {
    return this.#files.exists(`${folder}/cgroup.procs`);
  }

  #scan(root: string, path: string, known: ReadonlySet<string>, found: Map<string, string>): void {
    for (const name of this.#files.list(root + path)) {
      const unit = serviceIn(name);
      const below = `${path}/${name}`;
      if (name.endsWith(".slice")) this.#scan(root, below, known, found);
      else if (unit !== undefined && (known.has(unit) || this.#isPopulated(root, below))) found.set(unit, below);
    }
  }

  #isPopulated(root: string, path: string): boolean {
    const events = this.#files.read(`${root}${path}/cgroup.events`);
    if (events !== undefined) return parseKey(events, "populated") === 1;
    return this.firstProcess(path) !== undefined;
  }
}
