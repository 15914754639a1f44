// One run of a container as seen in the kernel: cgroup, processes, end, and the counters that remain after the end.

import { describe, expect, it } from "vitest";
import { findHierarchies } from "../../agent/counters/control-group.ts";
import { StackedDevices } from "../../agent/counters/stacked-devices.ts";
import { GroupFinder } from "../../agent/workloads/group-finder.ts";
import { ProcessGroup } from "../../agent/workloads/process-group.ts";
import { makeFakeHost } from "../fakes/host.ts";
import { id } from "../modules/docker/world.ts";

const A = id("a");
const V1 = ["cpuacct", "memory", "blkio"].map((name) => `cgroup /g/${name} cgroup rw,${name} 0 0`).join("\n");
const V2 = "cgroup2 /g cgroup2 rw 0 0";

const status = (...numbers: number[]) => `Name:\tsh\nNSpid:\t${numbers.join("\t")}\n`;
const stat = (state: string) => `7 (a) S (b)) ${state} 1 7 7`;

function begin(mounts: string, texts: Record<string, string>) {
  const host = makeFakeHost({ texts: { "/proc/7/stat": stat("S"), "/proc/7/status": status(7, 1), ...texts } });
  const opened: number[] = [];
  let ends = 0;
  const world = {
    host,
    groups: new GroupFinder(host.files, host.clock, findHierarchies(mounts)),
    devices: new StackedDevices(host),
    openNetwork(pid: number) {
      opened.push(pid);
      return undefined;
    },
  };
  const life = new ProcessGroup(world, { container: A }, () => ends++);
  const end = (pid: number) => {
    const socket = host.sockets.open.find(({ protocol, domain }) => domain === 0 && protocol === pid);
    if (socket !== undefined) host.sockets.deliver(socket, { bytes: new Uint8Array(0) });
  };
  return { host, life, opened, end, ends: () => ends };
}

const v1 = (procs: string) => ({
  [`/g/cpuacct/docker/${A}/cgroup.procs`]: procs,
  [`/g/cpuacct/docker/${A}/cpuacct.usage`]: "123456789\n",
  [`/g/memory/docker/${A}/memory.usage_in_bytes`]: "5000\n",
  [`/g/memory/docker/${A}/memory.stat`]: "total_inactive_file 1000\n",
});

const v2 = (procs: string, populated: number) => ({
  [`/g/system.slice/docker-${A}.scope/cgroup.procs`]: procs,
  [`/g/system.slice/docker-${A}.scope/cgroup.events`]: `populated ${populated}\nfrozen 0\n`,
  [`/g/system.slice/docker-${A}.scope/cpu.stat`]: "usage_usec 5000\n",
});

describe("the first process", () => {
  it("is process 1 of the container's pid namespace", () => {
    const { life, opened } = begin(V1, { ...v1("6\n7\n"), "/proc/6/status": status(6, 12), "/proc/6/stat": stat("S") });
    expect([life.pid, life.watched, life.over, life.alive]).toEqual([7, true, false, true]);
    expect(opened).toEqual([7]);
  });

  it("is the lowest process id in the host's pid namespace", () => {
    const { life } = begin(V1, { ...v1("9\n7\n"), "/proc/9/status": status(9), "/proc/7/status": status(7) });
    expect(life.pid).toBe(7);
  });

  it("is replaced by another process that the engine reports", () => {
    const { life, host, end, ends } = begin(V1, {
      ...v1("7\n"),
      "/proc/8/stat": stat("S"),
      "/proc/8/cgroup": `2:cpuacct:/docker/${A}\n`,
    });
    life.adopt(8);
    expect([life.pid, life.watched, host.sockets.open.length]).toEqual([8, true, 1]);
    end(8);
    expect(ends()).toBe(1);
  });

  it("has ended if the cgroup is empty, or if the process is a zombie", () => {
    expect(begin(V1, v1("")).life).toMatchObject({ over: true, watched: false, pid: undefined });
    expect(begin(V1, { ...v1("7\n"), "/proc/7/stat": stat("Z") }).life).toMatchObject({ over: true, watched: false });
    expect(begin(V2, v2("", 0)).life).toMatchObject({ over: true, pid: undefined });
  });

  it("is unknown but has not ended if it is in a child cgroup", () => {
    expect(begin(V2, v2("", 1)).life).toMatchObject({ over: false, watched: false, pid: undefined });
  });

  it("is alive but not watched if the kernel has no pidfds", () => {
    const { life, host } = begin(V1, v1(""));
    host.sockets.fail("pidfd", "ENOSYS");
    life.adopt(7);
    expect([life.over, life.watched, life.alive]).toEqual([false, false, true]);
  });
});

/** A group at a path of the unified hierarchy, as services have. */
function beginAt(texts: Record<string, string>, hierarchies = findHierarchies(V2)) {
  const procs = {
    "/g/system.slice/a.service/cgroup.procs": "7\n",
    "/proc/7/stat": stat("S"),
    "/proc/8/stat": stat("S"),
  };
  const host = makeFakeHost({ texts: { ...procs, ...texts } });
  let exits = 0;
  const groups = new GroupFinder(host.files, host.clock, hierarchies);
  const world = { host, groups, devices: new StackedDevices(host), openNetwork: () => undefined };
  const group = new ProcessGroup(world, { cgroup: "/system.slice/a.service" }, () => exits++);
  const end = (pid: number) => {
    const socket = host.sockets.open.find(({ domain, protocol }) => domain === 0 && protocol === pid);
    if (socket !== undefined) host.sockets.deliver(socket, { bytes: new Uint8Array(0) });
  };
  return { group, host, end, exits: () => exits };
}

describe("a group at a path", () => {
  it("outlives its first process, and goes on with another", () => {
    const { group, host, end, exits } = beginAt({ "/g/system.slice/a.service/cpu.stat": "usage_usec 5000\n" });
    group.adopt(7);
    end(7);
    expect([exits(), group.watched, host.sockets.open.length]).toEqual([1, false, 0]);
    host.files.over["/g/system.slice/a.service/cpu.stat"] = "usage_usec 9000\n";
    group.adopt(8);
    end(8);
    host.files.over["/g/system.slice/a.service/cpu.stat"] = undefined;
    group.end();
    expect([exits(), group.read().cpuTime]).toEqual([2, 9]);
  });

  it("is in the hierarchies that have it, and in no other", () => {
    const hybrid = findHierarchies(`${V1}\ncgroup2 /g/unified cgroup2 rw 0 0`);
    const { group } = beginAt(
      {
        "/g/unified/system.slice/a.service/cgroup.procs": "7\n",
        "/g/unified/system.slice/a.service/cpu.stat": "usage_usec 5000\n",
        "/g/memory/system.slice/a.service/cgroup.procs": "7\n",
        "/g/memory/system.slice/a.service/memory.usage_in_bytes": "4096\n",
        "/g/cpuacct/system.slice/cgroup.procs": "",
      },
      hybrid,
    );
    expect(group.read()).toMatchObject({ cpuTime: 5, memory: 4096, blockIo: undefined });
  });
});

it("the group of a process is the one that the process is in", () => {
  const texts = {
    "/proc/7/stat": stat("S"),
    "/proc/7/cgroup": "0::/own/place\n",
    "/g/own/place/cpu.stat": "usage_usec 7000\n",
  };
  const host = makeFakeHost({ texts });
  const groups = new GroupFinder(host.files, host.clock, findHierarchies(V2));
  const world = { host, groups, devices: new StackedDevices(host), openNetwork: () => undefined };
  const group = new ProcessGroup(world, { pid: 7 }, () => undefined);
  expect([group.watched, group.read().cpuTime]).toEqual([true, 7]);
});

describe("counters", () => {
  it("are read once more at the end, and do not change after that", () => {
    const { life, host, end, ends } = begin(V1, v1("7\n"));
    expect(life.read()).toMatchObject({ cpuTime: 123, memory: 4000 });
    host.files.over[`/g/cpuacct/docker/${A}/cpuacct.usage`] = "999000000\n";
    host.files.over[`/g/memory/docker/${A}/memory.usage_in_bytes`] = undefined;
    end(7);
    host.files.over[`/g/cpuacct/docker/${A}/cpuacct.usage`] = undefined;
    expect(ends()).toBe(1);
    expect(life.read()).toMatchObject({ cpuTime: 999, memory: 4000 });
    life.end();
    expect(ends()).toBe(1);
    expect(host.sockets.open).toEqual([]);
  });

  it("come from the cgroup of an adopted process if none is found by the container's id", () => {
    const texts = { "/proc/7/cgroup": "0::/own/place\n", "/g/own/place/cpu.stat": "usage_usec 7000\n" };
    const { life } = begin(V2, texts);
    expect(life).toMatchObject({ found: false, pid: undefined, over: false });
    life.adopt(7);
    expect(life.read().cpuTime).toBe(7);
  });

  it("never come from a process of another workload, which an engine elsewhere numbers alike", () => {
    const { life, opened } = begin(V1, {
      ...v1("7\n"),
      "/proc/9/stat": stat("S"),
      "/proc/9/status": status(9),
      "/proc/9/cgroup": "2:cpuacct:/system.slice/ssh.service\n",
    });
    expect(life.adopt(9)).toBe(false);
    expect(life.adopt(10)).toBe(false);
    expect([life.pid, life.watched, opened]).toEqual([7, true, [7]]);
    expect(life.adopt(7)).toBe(true);
  });

  it("are those of the container's cgroup if its first process is in a cgroup below", () => {
    const texts = {
      "/proc/7/cgroup": `0::/x/${A}/init.scope\n`,
      [`/g/x/${A}/cpu.stat`]: "usage_usec 7000\n",
      [`/g/x/${A}/init.scope/cpu.stat`]: "usage_usec 1000\n",
    };
    const { life } = begin(V2, texts);
    life.adopt(7);
    expect(life.read().cpuTime).toBe(7);
  });

  it("are not read at an end that comes after release", () => {
    const { life, ends } = begin(V1, v1("7\n"));
    life.release();
    life.end();
    expect(ends()).toBe(0);
  });
});
