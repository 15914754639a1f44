// One running of a container from its start to its end: control group, first process, network; and its final counters.
// pidfd_open(2), cgroups(7).

import { type ControlGroup, findGroup, groupAt, groupFolder, type Hierarchies } from "../counters/control-group.ts";
import type { Files, Host } from "../host/host.ts";
import { parseKeyed, parseProcCgroup, parseProcs } from "../proc/cgroup.ts";
import { isRunning, type PidStat, parsePidStat } from "../proc/pid-stat.ts";
import { keepFiles } from "./kept-files.ts";
import type { ContainerNetwork } from "./network.ts";
import { NO_READINGS, orElse, type Readings, readAll } from "./records.ts";

export interface Life {
  readonly pid: number | undefined;
  readonly group: ControlGroup | undefined;
  readonly network: ContainerNetwork | undefined;
  /** No process of it runs any more, which was found out too late to watch one: what can be read now is final. */
  readonly over: boolean;
  /** When the first process began, in clock ticks since the machine booted; undefined where it is not known. */
  readonly startTime: string | undefined;
  /** The end will be seen whatever the engine says. */
  readonly watched: boolean;
  /** The first process is there, and no zombie. */
  readonly alive: boolean;
  /** Fresh while it runs; afterwards the final ones. */
  read(): Readings;
  /** The engine says which process is the first: watched from here on, where it was not before. */
  adopt(pid: number): void;
  /** Reads the final counters and lets go of everything. */
  end(): void;
  /** Lets go of everything and says nothing: the agent stops, not the container. */
  release(): void;
}

export interface LifeWorld {
  readonly host: Pick<Host, "files" | "sockets">;
  readonly hierarchies: Hierarchies;
  openNetwork(pid: number): ContainerNetwork | undefined;
}

interface ProcessWatch {
  close(): void;
}

/**
 * Begins with what the start event gives, the id alone. `onEnd` is called once, when the first process has ended and
 * the final counters have been read: they stay readable for some 10 ms then.
 */
export function beginLife({ host, hierarchies, openNetwork }: LifeWorld, id: string, onEnd: () => void): Life {
  const { files, sockets } = host;
  let group = findGroup(files, hierarchies, id);
  let pid: number | undefined;
  let network: ContainerNetwork | undefined;
  let watch: ProcessWatch | undefined;
  let over = group !== undefined && isEmpty(files, group);
  let ended = false;
  const kept = keepFiles(files);
  let last: Readings = NO_READINGS;

  const read = (): Readings => {
    if (!ended) last = orElse(readAll(kept, group, network), last);
    return last;
  };

  function follow(process: number): void {
    watch?.close();
    network?.close();
    pid = process;
    // A zombie can be watched too, but its end has been told.
    const watched = isAlive(files, process) ? watchProcess(sockets, process, end) : "gone";
    over = watched === "gone";
    watch = watched === "gone" ? undefined : watched;
    network = over ? undefined : openNetwork(process);
  }

  function end(): void {
    if (ended) return;
    read();
    release();
    onEnd();
  }

  function release(): void {
    if (ended) return;
    ended = true;
    watch?.close();
    network?.close();
    kept.close();
  }

  const first = group === undefined || over ? undefined : firstProcess(files, group);
  if (first !== undefined) follow(first);
  return {
    get pid() {
      return pid;
    },
    get group() {
      return group;
    },
    get network() {
      return network;
    },
    get over() {
      return over;
    },
    get startTime() {
      return pid === undefined ? undefined : statOf(files, pid)?.startTime;
    },
    get watched() {
      return watch !== undefined;
    },
    get alive() {
      return pid !== undefined && isAlive(files, pid);
    },
    read,
    adopt(process) {
      if (ended || process === pid) return;
      group ??= groupOfProcess(files, hierarchies, process);
      follow(process);
    },
    end,
    release,
  };
}

/**
 * The first process of a pid namespace is number 1 in it; a container that shares the host's has its lowest one first.
 */
function firstProcess(files: Files, group: ControlGroup): number | undefined {
  const pids = processesOf(files, groupFolder(group));
  const first = pids.find((pid) => /^NSpid:.*\t1$/m.test(files.read(`/proc/${pid}/status`) ?? ""));
  return first ?? pids.toSorted((a, b) => a - b)[0];
}

const processesOf = (files: Files, folder: string | undefined): readonly number[] =>
  folder === undefined ? [] : parseProcs(files.read(`${folder}/cgroup.procs`) ?? "");

/** A container may keep its processes in groups of its own below: systemd and nested engines do. */
function isEmpty(files: Files, group: ControlGroup): boolean {
  const folder = groupFolder(group);
  if (folder === undefined || processesOf(files, folder).length > 0) return false;
  const populated = parseKeyed(files.read(`${folder}/cgroup.events`) ?? "").get("populated");
  if (populated !== undefined) return populated === 0;
  return !files.list(folder).some((name) => files.exists(`${folder}/${name}/cgroup.procs`));
}

/** Where engine or operator chose a group of another layout, a process of the container tells it. */
function groupOfProcess(files: Files, hierarchies: Hierarchies, pid: number): ControlGroup | undefined {
  const text = files.read(`/proc/${pid}/cgroup`);
  return text === undefined ? undefined : groupAt(hierarchies, parseProcCgroup(text));
}

function statOf(files: Files, pid: number): PidStat | undefined {
  const stat = files.read(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : parsePidStat(stat);
}

function isAlive(files: Files, pid: number): boolean {
  const stat = statOf(files, pid);
  return stat !== undefined && isRunning(stat);
}

/** Undefined where the kernel has no pidfds or refuses one: the engine's word is then all there is. */
function watchProcess(sockets: Host["sockets"], pid: number, onEnd: () => void): ProcessWatch | "gone" | undefined {
  try {
    const fd = sockets.pidfd(pid);
    sockets.watch(fd, onEnd);
    return { close: () => sockets.close(fd) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH" ? "gone" : undefined;
  }
}
