// Finding the cgroup of a container wherever an engine creates it, and learning the place.

import { describe, expect, it } from "vitest";
import { findHierarchies } from "../../agent/counters/control-group.ts";
import { GroupFinder } from "../../agent/workloads/group-finder.ts";
import { memoryFiles } from "../fakes/files.ts";

const ids = Array.from({ length: 100 }, (_, i) => i.toString(16).padStart(2, "0").repeat(32));
const [A = "", B = "", C = ""] = ids;
const V2 = "cgroup2 /g cgroup2 rw 0 0";
const V1 = ["cpuacct", "memory", "blkio"].map((name) => `cgroup /g/${name} cgroup rw,${name} 0 0`).join("\n");

function setUp(paths: readonly string[], mounts = V2) {
  const files = memoryFiles();
  const root = mounts === V2 ? "/g" : "/g/cpuacct";
  const make = (path: string) => {
    files.over[`${root}${path}/cgroup.procs`] = "7\n";
  };
  for (const path of paths) make(path);
  const looked: string[] = [];
  const { folders } = files;
  const state = { uptime: 0, each: 0 };
  files.folders = (path) => {
    looked.push(path);
    state.uptime += state.each;
    return folders(path);
  };
  const finder = new GroupFinder(files, { uptime: () => state.uptime }, findHierarchies(mounts));
  return { files, finder, looked, make, state };
}

describe("the cgroup of a container", () => {
  it.each([
    ["the default of Docker", "/docker/ID"],
    ["systemd's slice", "/system.slice/docker-ID.scope"],
    ["a parent for one container", "/rp/x/ID"],
    ["a slice of its own", "/a.slice/a-b.slice/docker-ID.scope"],
    ["a rootless engine", "/user.slice/user-1000.slice/user@1000.service/user.slice/docker-ID.scope"],
    ["an engine within a container", `/docker/${B}/docker/ID`],
    ["an engine within a container of a pod", `/kubepods.slice/kubepods-pod1.slice/cri-${B}.scope/docker/ID`],
    ["a pod of Podman", `/machine.slice/machine-libpod_pod_${B}.slice/libpod-ID.scope`],
    ["a rootless Podman", "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope"],
  ])("is found in %s", (_, path) => {
    const own = path.replace("ID", A);
    const { finder } = setUp(["/init.scope", "/system.slice/ssh.service", `/docker/${C}`, own]);
    expect(finder.ofContainer(A)?.unified).toBe(`/g${own}`);
  });

  it("is not the one of its monitor, of its timer, or of another container", () => {
    const { finder } = setUp([
      `/machine.slice/libpod-conmon-${A}.scope`,
      `/system.slice/${A}-7f3e.service`,
      `/system.slice/${A}.timer`,
      `/x/${B}`,
    ]);
    expect(finder.ofContainer(A)).toBeUndefined();
  });

  it("is in the same place of each hierarchy of v1", () => {
    const { finder } = setUp([`/rp/${A}`], V1);
    expect(finder.ofContainer(A)).toEqual({
      unified: undefined,
      cpuacct: `/g/cpuacct/rp/${A}`,
      memory: `/g/memory/rp/${A}`,
      blkio: `/g/blkio/rp/${A}`,
    });
  });

  it("is found without a search where one of another container was", () => {
    const { finder, looked, make } = setUp([`/rp/${A}`]);
    finder.ofContainer(A);
    looked.length = 0;
    make(`/rp/${B}`);
    expect(finder.ofContainer(B)?.unified).toBe(`/g/rp/${B}`);
    expect(looked).toEqual([]);
  });

  it("is found without a search where the process of another container was", () => {
    const { files, finder, looked, make } = setUp([]);
    files.over["/proc/7/cgroup"] = `0::/rp/${A}/init.scope\n`;
    expect(finder.ofProcessIn(7, A)?.unified).toBe(`/g/rp/${A}`);
    make(`/rp/${B}`);
    expect(finder.ofContainer(B)?.unified).toBe(`/g/rp/${B}`);
    expect(looked).toEqual([]);
  });

  it("is found although many other places were learned", () => {
    const { finder } = setUp(ids.map((id, i) => `/pods/pod${i}/${id}`));
    for (const [i, id] of ids.entries()) expect(finder.ofContainer(id)?.unified).toBe(`/g/pods/pod${i}/${id}`);
  });

  it("is that of no process in another cgroup", () => {
    const { files, finder } = setUp([]);
    files.over["/proc/7/cgroup"] = `0::/docker/${B}\n`;
    expect(finder.ofProcessIn(7, A)).toBeUndefined();
    expect(finder.ofProcessIn(8, A)).toBeUndefined();
  });
});

describe("a search", () => {
  it("ends after ten milliseconds, and the next one waits twenty times as long", () => {
    const { finder, looked, state } = setUp(Array.from({ length: 1000 }, (_, i) => `/a${i}/b`));
    state.each = 1;
    expect(finder.ofContainer(A)).toBeUndefined();
    expect(looked.length).toBeLessThanOrEqual(12);
    looked.length = 0;
    state.uptime += 200;
    finder.ofContainer(B);
    expect(looked).toEqual([]);
    state.uptime += 50;
    finder.ofContainer(B);
    expect(looked).not.toEqual([]);
  });

  it("looks into containers and services last", () => {
    const { finder, looked } = setUp([`/docker/${B}/x`, "/a.service/x", "/z/y/x"]);
    finder.ofContainer(A);
    expect(looked.indexOf("/g/z/y")).toBeLessThan(looked.indexOf("/g/a.service"));
    expect(looked.indexOf("/g/z/y")).toBeLessThan(looked.indexOf(`/g/docker/${B}`));
  });
});
