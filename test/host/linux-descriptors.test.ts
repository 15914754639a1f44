// Files and sockets of an agent that has few file descriptors, with a limit that the test sets instead of the kernel.

import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Faults, FEW_LEFT } from "../../agent/host/faults.ts";
import { Descriptors } from "../../agent/host/linux-descriptors.ts";
import { makeLinuxFiles } from "../../agent/host/linux-files.ts";
import { loadShim } from "../../native-shim/load.ts";

let root: string;
let faults: Faults;
/** Fill the gaps between open descriptors, so that the lowest free number says how many are open. */
let fillers: number[];

/** Returns the number that the kernel would assign now. */
function lowestFree(): number {
  const fd = openSync("/dev/null", "r");
  closeSync(fd);
  return fd;
}

const countOpen = (): number => readdirSync("/proc/self/fd").length;
const codes = () => faults.all.map(({ code }) => code);
const filesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `/file${i}`);
const shortage = (code = "EMFILE") => Object.assign(new Error(code), { code });

/** Descriptors of a process that has so many left, as far as it knows. */
function withLeft(count: number) {
  let limit = lowestFree() + count;
  const descriptors = new Descriptors(faults, () => limit);
  const files = makeLinuxFiles(root, loadShim, faults, descriptors);
  const setLimit = (next: number): void => {
    limit = next;
  };
  return { descriptors, files, setLimit };
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hsflowd-descriptors-"));
  for (const name of filesOf(60)) writeFileSync(root + name, name);
  faults = new Faults(() => 0);
  fillers = [];
  const last = Math.max(...readdirSync("/proc/self/fd").map(Number));
  while (lowestFree() < last) fillers.push(openSync("/dev/null", "r"));
});

afterEach(() => {
  for (const fd of fillers) closeSync(fd);
  rmSync(root, { recursive: true, force: true });
});

it("keeps files open, and reads a file without keeping it when few descriptors are left", () => {
  const { files, setLimit } = withLeft(32 + 10);
  const before = countOpen();
  const kept = filesOf(60).map((path) => ({ path, file: files.keep(path) }));
  for (let round = 0; round < 2; round++) for (const { path, file } of kept) expect(file.read()).toBe(path);
  // One of them is the spare one.
  expect(countOpen() - before).toBe(10);
  expect(codes()).toEqual([FEW_LEFT]);
  // As prlimit(1) does.
  setLimit(100_000);
  for (const { file } of kept) file.read();
  expect(countOpen() - before).toBe(61);
  for (const { file } of kept) file.close();
  expect(countOpen() - before).toBe(1);
});

it("closes files that were kept longest so that another can be opened, and reads all of them afterwards", () => {
  const { files } = withLeft(50);
  const kept = filesOf(17).map((path) => files.keep(path));
  for (const file of kept) file.read();
  const sockets = Array.from({ length: 26 }, () => openSync("/dev/null", "r"));
  const before = countOpen();
  const opened = files.open("/file41");
  expect(opened?.read()).toBe("/file41");
  expect(before - countOpen()).toBe(15);
  expect(kept.map((file) => file.read())).toEqual(filesOf(17));
  for (const fd of sockets) closeSync(fd);
  opened?.close();
  for (const file of kept) file.close();
});

it("refuses what would take the last descriptors, notes it, and leaves nothing open", () => {
  const { files, setLimit } = withLeft(7);
  const before = countOpen();
  expect(files.open("/file1")).toBeUndefined();
  expect(countOpen()).toBe(before);
  expect(codes()).toEqual(["EMFILE"]);
  expect(faults.all[0]?.message).toContain("/file1");
  setLimit(100_000);
  const file = files.open("/file1");
  expect(file?.read()).toBe("/file1");
  file?.close();
});

it("lets a socket that others depend on take the last descriptors", () => {
  const { descriptors } = withLeft(0);
  closeSync(descriptors.lasting("a socket", () => openSync("/dev/null", "r")));
  expect(codes()).toEqual([]);
});

it("reads with the spare descriptor when the kernel has no other", () => {
  const { descriptors, files } = withLeft(100);
  const before = countOpen();
  files.keep("/file0").read();
  const seen: number[] = [];
  const read = () => {
    seen.push(countOpen() - before);
    if (seen.length < 3) throw shortage();
    return "text";
  };
  expect(descriptors.brief("/proc/stat", read)).toBe("text");
  // First the file is closed, then the spare descriptor.
  expect(seen).toEqual([2, 1, 0]);
  expect(countOpen() - before).toBe(1);
  expect(codes()).toEqual([FEW_LEFT]);
});

it("passes an error on that no closing helps against", () => {
  const { descriptors } = withLeft(100);
  expect(() => descriptors.brief("/proc/stat", () => raise(shortage("ENFILE")))).toThrow("ENFILE");
  expect(() => descriptors.lasting("a socket", () => raise(shortage()))).toThrow("EMFILE");
  expect(() => descriptors.brief("/a", () => raise(shortage("ENOENT")))).toThrow("ENOENT");
  expect(codes()).toEqual(["ENFILE", "EMFILE"]);
});

function raise(error: Error): never {
  throw error;
}

it("notes errors of files that are not missing, and no others", () => {
  const files = makeLinuxFiles("/", loadShim, faults);
  expect(files.read("/proc/self/mem")).toBeUndefined();
  expect(files.read("/etc/nothing")).toBeUndefined();
  expect(files.list("/nothing")).toEqual([]);
  expect(files.read("/etc")).toBeUndefined();
  expect(faults.all.map(({ message }) => message)).toEqual(["/proc/self/mem: input/output error (EIO)"]);
});
