// /proc/PID/mountinfo: escapes, bind mounts, subvolumes, and read-only mounts of writable file systems.

import { expect, it } from "vitest";
import { parseMountinfo, parseNamespaceMounts } from "../../agent/proc/mountinfo.ts";
import { hostTree } from "../fakes/files.ts";

const mounts = parseMountinfo(hostTree("mirrored-volumes").read("/proc/1/mountinfo") ?? "");
const at = (mountPoint: string) => mounts.find((mount) => mount.mountPoint === mountPoint);

it("decodes octal escapes", () => {
  expect(at("/srv/my data\\old")).toEqual({
    major: 253,
    minor: 1,
    mountPoint: "/srv/my data\\old",
    type: "xfs",
    source: "/dev/mapper/vg-data",
    writable: true,
  });
});

it("reads whether the file system is writable, not whether the mount is", () => {
  expect([at("/usr")?.writable, at("/mnt/broken")?.writable, at("/snap/core/1")?.writable]).toEqual([
    true,
    false,
    false,
  ]);
});

it("reads lines with none, one and several optional fields", () => {
  expect([at("/tmp")?.type, at("/boot")?.type, at("/usr")?.type]).toEqual(["tmpfs", "ext4", "ext4"]);
});

it("finds no mounts in empty or foreign text", () => {
  expect(parseMountinfo("\n - \n1 2 3:4 /\n1 2 3:4 / /x rw - ext4\nwhat - ever it is\n")).toEqual([]);
});

it("finds the mounts that keep network namespaces, and no other namespaces", () => {
  const text = `36 35 0:4 net:[4026532345] /run/netns/blue rw shared:1 - nsfs nsfs rw
37 35 0:4 net:[4026532346] /run/docker/netns/a\\040b rw - nsfs nsfs rw
38 35 0:4 mnt:[4026532347] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw
22 1 253:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
`;
  expect(parseNamespaceMounts(text)).toEqual([
    { path: "/run/netns/blue", identity: "net:[4026532345]" },
    { path: "/run/docker/netns/a b", identity: "net:[4026532346]" },
  ]);
});
