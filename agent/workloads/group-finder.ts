// Finds cgroups: of a container by its id, of a process, at a path. Learns in which folders an engine creates the
// cgroups of containers, because engines and operators may choose any. See cgroups(7).

import { type ControlGroup, groupAt, type Hierarchies } from "../counters/control-group.ts";
import type { Clock, Files } from "../host/host.ts";
import { parseProcCgroup } from "../proc/cgroup.ts";

/** A path is `before`, the id of the container, and `after`. */
interface Place {
  readonly before: string;
  readonly after: string;
}

/** Where engines create cgroups by default. */
const DEFAULT_PLACES: readonly Place[] = [
  { before: "/docker/", after: "" },
  { before: "/system.slice/docker-", after: ".scope" },
  { before: "/machine.slice/libpod-", after: ".scope" },
  { before: "/libpod_parent/libpod-", after: "" },
];

/** Each place costs a look-up for a container that is at none of them. */
const MOST_PLACES = 32;
/** Milliseconds of one search. A host with 2000 cgroups takes about half of it. */
const LONGEST_SEARCH = 10;
/** After a search in vain, at least this many times its duration passes until the next search. */
const PAUSE = 20;

/** A file that every cgroup has. Its absence shows that a hierarchy is mounted, but not used for the cgroup. */
const PROCS = "cgroup.procs";
const CONTROLLERS = ["", "cpuacct", "memory", "blkio"];

/** Matches cgroups in which containers are only if their engine runs inside: containers, services, scopes. */
const INNER = /[0-9a-f]{64}|\.(service|scope)$/;

/** `docker-ID.scope`, `libpod-ID`, `ID`; but not the cgroup of Podman's monitor, nor of a timer for a health check. */
function isNamedAfter(name: string, id: string): boolean {
  const at = name.indexOf(id);
  if (at < 0 || name.includes("conmon")) return false;
  const after = name.slice(at + id.length);
  return after === "" || after === ".scope";
}

/** Returns the part of a path that ends with the cgroup of the container: its processes may be in cgroups below. */
function upTo(path: string, id: string): string | undefined {
  const names = path.split("/");
  const at = names.findIndex((name) => isNamedAfter(name, id));
  return at < 0 ? undefined : names.slice(0, at + 1).join("/");
}

export class GroupFinder {
  readonly #files: Files;
  readonly #clock: Pick<Clock, "uptime">;
  readonly #hierarchies: Hierarchies;
  /** The place that was right last is the first. */
  #places = DEFAULT_PLACES;
  /** Uptime. */
  #nextSearch = 0;

  constructor(files: Files, clock: Pick<Clock, "uptime">, hierarchies: Hierarchies) {
    this.#files = files;
    this.#clock = clock;
    this.#hierarchies = hierarchies;
  }

  /**
   * Finds the cgroup of a container by its id, because a start event has no process id: at a known place, or anywhere
   * else in the hierarchy if a short search gets there.
   */
  ofContainer(id: string): ControlGroup | undefined {
    const root = this.#root;
    if (root === undefined) return undefined;
    const known = this.#places.find(({ before, after }) => this.#isGroup(`${root}${before}${id}${after}`));
    const path = known === undefined ? this.#search(root, id) : `${known.before}${id}${known.after}`;
    if (path === undefined) return undefined;
    this.#learn(path, id);
    return groupAt(this.#hierarchies, new Map(CONTROLLERS.map((controller) => [controller, path])));
  }

  /** Returns the cgroup of a process; undefined if the process does not exist. */
  ofProcess(pid: number): ControlGroup | undefined {
    const paths = this.#pathsOf(pid);
    return paths === undefined ? undefined : groupAt(this.#hierarchies, paths);
  }

  /** Returns the cgroup of a container that a process is in, or below; undefined if it is in no such cgroup. */
  ofProcessIn(pid: number, id: string): ControlGroup | undefined {
    const own = new Map<string, string>();
    for (const [controller, path] of this.#pathsOf(pid) ?? []) {
      const group = upTo(path, id);
      if (group !== undefined) own.set(controller, group);
    }
    const path = own.get(this.#hierarchies.cpuacct === undefined ? "" : "cpuacct");
    if (path !== undefined) this.#learn(path, id);
    return own.size === 0 ? undefined : groupAt(this.#hierarchies, own);
  }

  /** Looks for the path in each hierarchy. systemd creates it only in the hierarchies whose resources are accounted. */
  at(path: string): ControlGroup | undefined {
    const below = (mount: string | undefined): string | undefined =>
      mount !== undefined && this.#isGroup(mount + path) ? mount + path : undefined;
    const { unified, cpuacct, memory, blkio } = this.#hierarchies;
    const group = { unified: below(unified), cpuacct: below(cpuacct), memory: below(memory), blkio: below(blkio) };
    return group.unified === undefined && group.cpuacct === undefined ? undefined : group;
  }

  /** The hierarchy in which containers are looked for. */
  get #root(): string | undefined {
    return this.#hierarchies.cpuacct ?? this.#hierarchies.unified;
  }

  #isGroup(folder: string): boolean {
    return this.#files.exists(`${folder}/${PROCS}`);
  }

  #pathsOf(pid: number): ReadonlyMap<string, string> | undefined {
    const text = this.#files.read(`/proc/${pid}/cgroup`);
    return text === undefined ? undefined : parseProcCgroup(text);
  }

  #learn(path: string, id: string): void {
    const at = path.lastIndexOf(id);
    const [before, after] = [path.slice(0, at), path.slice(at + id.length)];
    const others = this.#places.filter((place) => place.before !== before || place.after !== after);
    this.#places = [{ before, after }, ...others].slice(0, MOST_PLACES);
  }

  /** Searches breadth first. Looks into containers and services last, where only nested and rootless engines create. */
  #search(root: string, id: string): string | undefined {
    const began = this.#clock.uptime();
    if (began < this.#nextSearch) return undefined;
    const [outer, inner]: [string[], string[]] = [[""], []];
    for (const queue of [outer, inner]) {
      for (const path of queue) {
        for (const name of this.#files.folders(root + path)) {
          if (isNamedAfter(name, id)) return `${path}/${name}`;
          (queue === outer && !INNER.test(name) ? outer : inner).push(`${path}/${name}`);
        }
        if (this.#clock.uptime() - began > LONGEST_SEARCH) break;
      }
    }
    const now = this.#clock.uptime();
    this.#nextSearch = now + PAUSE * (now - began);
    return undefined;
  }
}
