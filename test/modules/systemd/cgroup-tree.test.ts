// The tree of control groups: services that have processes, in whatever slice, and nothing else.

import { expect, it } from "vitest";
import { CgroupTree } from "../../../agent/modules/systemd/cgroup-tree.ts";
import { serviceAt, serviceUuid, unitPath } from "../../../agent/modules/systemd/unit-name.ts";
import { memoryFiles } from "../../fakes/files.ts";

const V2 = "cgroup2 /g cgroup2 rw 0 0";
const populated = (path: string, value: number) => ({
  [`${path}/cgroup.procs`]: "",
  [`${path}/cgroup.events`]: `populated ${value}\nfrozen 0\n`,
});

function treeOf(mounts: string, texts: Record<string, string>) {
  return new CgroupTree(memoryFiles({ "/proc/mounts": mounts, ...texts }));
}

it("services are found in all slices; containers, machines and services of users are not", () => {
  const tree = treeOf(V2, {
    "/g/system.slice/cgroup.procs": "",
    ...populated("/g/system.slice/ssh.service", 1),
    ...populated("/g/system.slice/done.service", 0),
    ...populated("/g/system.slice/_cgroup.service", 1),
    ...populated("/g/system.slice/docker-0123.scope", 1),
    ...populated("/g/system.slice/system-getty.slice/getty@tty1.service", 1),
    ...populated("/g/user.slice/user-1000.slice/user@1000.service", 1),
    ...populated("/g/user.slice/user-1000.slice/user@1000.service/app.slice/mail.service", 1),
    ...populated("/g/machine.slice/machine-qemu.scope", 1),
    ...populated("/g/docker/0123", 1),
  });
  expect(Object.fromEntries(tree.scan())).toEqual({
    "ssh.service": "/system.slice/ssh.service",
    "cgroup.service": "/system.slice/_cgroup.service",
    "getty@tty1.service": "/system.slice/system-getty.slice/getty@tty1.service",
    "user@1000.service": "/user.slice/user-1000.slice/user@1000.service",
  });
});

it("the tree of cgroup v1 is systemd's own", () => {
  const mounts = "cgroup /g/cpu cgroup rw,cpu,cpuacct 0 0\ncgroup /g/systemd cgroup rw,xattr,name=systemd 0 0";
  const tree = treeOf(mounts, {
    "/g/systemd/system.slice/cgroup.procs": "",
    "/g/systemd/system.slice/ssh.service/cgroup.procs": "7\n",
    "/g/systemd/system.slice/done.service/cgroup.procs": "",
    "/proc/7/stat": "7 (sshd) S 1",
    "/proc/7/cgroup": "4:cpu,cpuacct:/\n1:name=systemd:/system.slice/ssh.service\n",
  });
  expect([...tree.scan().keys()]).toEqual(["ssh.service"]);
  expect(tree.pathOf("ssh.service", 7)).toBe("/system.slice/ssh.service");
});

it("a host without systemd has no services", () => {
  const tree = treeOf(V2, { ...populated("/g/docker/0123", 1) });
  expect([tree.found, tree.scan().size]).toEqual([false, 0]);
});

it("a process below a service belongs to it, and one elsewhere does not", () => {
  const tree = treeOf(V2, {
    "/proc/7/cgroup": "0::/system.slice/a.service/below\n",
    "/proc/8/cgroup": "0::/user.slice/session-1.scope\n",
  });
  expect(tree.pathOf("a.service", 7)).toBe("/system.slice/a.service");
  expect([tree.pathOf("a.service", 8), tree.pathOf("a.service", 9)]).toEqual([undefined, undefined]);
});

it("instances of a template have a slice of their own", () => {
  const tree = treeOf(V2, {
    "/g/system.slice/cgroup.procs": "",
    "/g/system.slice/system-a\\x2db.slice/a-b@1.service/cgroup.procs": "",
    "/g/system.slice/c.service/cgroup.procs": "",
  });
  expect(tree.usualPath("a-b@1.service")).toBe("/system.slice/system-a\\x2db.slice/a-b@1.service");
  expect(tree.usualPath("c.service")).toBe("/system.slice/c.service");
  expect(tree.usualPath("d.service")).toBeUndefined();
});

it.each(["ssh.service", "getty@tty1.service", "1-a_b.service", "é.service"])("the path of %s names it", (unit) => {
  expect(unitPath(unit)).toMatch(/^\/org\/freedesktop\/systemd1\/unit\/[A-Za-z0-9_]+$/);
  expect(serviceAt(unitPath(unit))).toBe(unit);
});

it("paths of other units are no services", () => {
  expect(serviceAt("/org/freedesktop/systemd1/unit/dbus_2esocket")).toBeUndefined();
  expect(serviceAt("/org/freedesktop/systemd1")).toBeUndefined();
});

it("the UUID is hsflowd's: version 5 of host, name and agent address", () => {
  const [host, agent] = [new Uint8Array(16), Uint8Array.of(10, 0, 0, 1)];
  const uuid = Buffer.from(serviceUuid(host, "ssh.service", agent)).toString("hex");
  expect(uuid).toMatch(/^[0-9a-f]{12}5[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(uuid).not.toBe(Buffer.from(serviceUuid(host, "ssh.service", Uint8Array.of(10, 0, 0, 2))).toString("hex"));
});
