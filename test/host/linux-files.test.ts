// Files below a root: reads existing and missing files, and replaces files.

import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Files } from "../../agent/host/host.ts";
import { makeLinuxFiles } from "../../agent/host/linux-files.ts";

let root: string;
let files: Files;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hsflowd-files-"));
  files = makeLinuxFiles(`${root}/`);
  mkdirSync(join(root, "etc"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("reads below its root", async () => {
  writeFileSync(join(root, "etc/hostname"), "web1\n");
  expect(files.read("/etc/hostname")).toBe("web1\n");
  const pieces: Uint8Array[] = [];
  for await (const piece of files.stream("/etc/hostname") ?? []) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe("web1\n");
  expect(files.list("/etc")).toEqual(["hostname"]);
  expect(files.exists("/etc/hostname")).toBe(true);
});

test("missing files, folders and links are undefined or empty", () => {
  expect(files.read("/etc/nothing")).toBeUndefined();
  expect(files.read("/etc")).toBeUndefined();
  expect(files.stream("/nothing/at/all")).toBeUndefined();
  expect(files.stream("/etc")).toBeUndefined();
  expect(files.list("/nothing")).toEqual([]);
  expect(files.link("/etc")).toBeUndefined();
  expect(files.exists("/etc/nothing")).toBe(false);
});

test("names are sorted and links are read", () => {
  for (const name of ["b", "a", "c"]) writeFileSync(join(root, "etc", name), "");
  symlinkSync("../a", join(root, "etc/link"));
  expect(files.list("/etc")).toEqual(["a", "b", "c", "link"]);
  expect(files.link("/etc/link")).toBe("../a");
});

test("replaces a file by a new one, readable by all, and leaves no other file", () => {
  files.write("/etc/hsflowd.auto", "rev_start=1\n");
  const first = statSync(join(root, "etc/hsflowd.auto")).ino;
  files.write("/etc/hsflowd.auto", "rev_start=2\n");
  const { ino, mode } = statSync(join(root, "etc/hsflowd.auto"));
  expect(files.read("/etc/hsflowd.auto")).toBe("rev_start=2\n");
  expect(ino).not.toBe(first);
  expect(mode & 0o777).toBe(0o644);
  expect(readdirSync(join(root, "etc"))).toEqual(["hsflowd.auto"]);
});

test("the mode does not depend on the umask", () => {
  const before = process.umask(0o077);
  try {
    files.write("/etc/hsflowd.auto", "x");
  } finally {
    process.umask(before);
  }
  expect(statSync(join(root, "etc/hsflowd.auto")).mode & 0o777).toBe(0o644);
});

test("a link stays a link", () => {
  mkdirSync(join(root, "run"));
  writeFileSync(join(root, "run/auto"), "old");
  symlinkSync("../run/auto", join(root, "etc/auto"));
  files.write("/etc/auto", "new");
  expect(lstatSync(join(root, "etc/auto")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root, "run/auto"), "utf8")).toBe("new");
});

test("a link of another user is replaced, not followed", () => {
  mkdirSync(join(root, "run"));
  writeFileSync(join(root, "run/shadow"), "old");
  symlinkSync("../run/shadow", join(root, "etc/auto"));
  lchownSync(join(root, "etc/auto"), 65_534, 65_534);
  files.hold("/etc/auto");
  files.write("/etc/auto", "new");
  expect(lstatSync(join(root, "etc/auto")).isSymbolicLink()).toBe(false);
  expect(readFileSync(join(root, "run/shadow"), "utf8")).toBe("old");
});

test("a held file exists at once, and is still replaced if it can be", () => {
  files.hold("/etc/auto");
  expect(files.read("/etc/auto")).toBe("");
  const { ino } = statSync(join(root, "etc/auto"));
  files.write("/etc/auto", "new");
  expect(files.read("/etc/auto")).toBe("new");
  expect(statSync(join(root, "etc/auto")).ino).not.toBe(ino);
});

test("a pipe or a device is written to, not replaced, and keeps its mode", () => {
  const path = join(root, "etc/pipe");
  execFileSync("mkfifo", ["-m", "666", path]);
  expect(() => files.write("/etc/pipe", "x")).toThrow(expect.objectContaining({ code: "ENXIO" }));
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  files.hold("/etc/pipe");
  files.write("/etc/pipe", "rev_start=1\n");
  const read = Buffer.alloc(100);
  expect(read.toString("utf8", 0, readSync(fd, read))).toBe("rev_start=1\n");
  closeSync(fd);
  expect([statSync(path).isFIFO(), statSync(path).mode & 0o777]).toEqual([true, 0o666]);
});

test("removing a missing file is no error", () => {
  files.write("/etc/pid", "1");
  files.remove("/etc/pid");
  files.remove("/etc/pid");
  expect(files.exists("/etc/pid")).toBe(false);
});

test("replacing a file throws the error of the system if it fails", () => {
  expect(() => files.write("/nothing/auto", "x")).toThrow(expect.objectContaining({ code: "ENOENT" }));
  mkdirSync(join(root, "etc/folder"));
  expect(() => files.write("/etc/folder", "x")).toThrow(expect.objectContaining({ code: "EISDIR" }));
  expect(readdirSync(join(root, "etc"))).toEqual(["folder"]);
});

test("the error for a folder that is not writable names it and the remedy", () => {
  const write = () => makeLinuxFiles("/sys").write("/kernel/hsflowd.auto", "x");
  expect(write).toThrow(/^\/sys\/kernel\/hsflowd.auto: cannot create a file in \/sys\/kernel \(E.*writable/);
});

test("a file system has a size, and a missing mount point has none", async () => {
  const size = await files.size("/", false);
  expect(size?.total).toBeGreaterThan(size?.available ?? Number.POSITIVE_INFINITY);
  expect(await files.size("/nothing", false)).toBeUndefined();
});

test("a path has another identity once it leads to another file", () => {
  const { identity: identityOf } = makeLinuxFiles("/");
  const identity = () => identityOf("/proc/self/ns/net");
  expect(identity()).toBe(identity());
  expect(identity()).not.toBe(identityOf("/proc/self/ns/mnt"));
  expect(identityOf("/nothing")).toBeUndefined();
});

test("a child process reads the same size, and finds none for a missing mount point", async () => {
  const [size, apart] = [await files.size("/", false), await files.size("/", true)];
  expect(apart?.total).toBe(size?.total);
  expect(apart?.available).toBeGreaterThan(0);
  expect(await files.size("/nothing", true)).toBeUndefined();
});

test("a mount that has not answered gets no second query", async () => {
  const [one, other] = [files.size("/", false), files.size("/", false)];
  expect(await other).toBeUndefined();
  expect(await one).toBeDefined();
  expect(await files.size("/", false)).toBeDefined();
});

test("a file of /proc about the machine is opened once and read again each time", () => {
  const real = makeLinuxFiles("/");
  const open = () =>
    real.list("/proc/self/fd").filter((fd) => real.link(`/proc/self/fd/${fd}`) === "/proc/stat").length;
  const switches = () => Number(/^ctxt (\d+)$/m.exec(real.read("/proc/stat") ?? "")?.[1]);
  const before = open();
  const first = switches();
  execFileSync("true");
  expect(switches()).toBeGreaterThan(first);
  expect(open() - before).toBe(1);
});

test("an open file is read to its end, of which the kernel returns at most a page at a time", () => {
  const path = "/proc/self/maps";
  const lastLine = (text = "") => text.trimEnd().split("\n").at(-1);
  const file = makeLinuxFiles("/").open(path);
  const text = file?.read();
  file?.close();
  expect(lastLine(text)).toBe(lastLine(readFileSync(path, "utf8")));
  expect(text?.length).toBeGreaterThan(4096);
});
