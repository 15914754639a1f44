// Errors that do not mean "missing": counted by kind, and reported once.

import { expect, it } from "vitest";
import { Faults } from "../../agent/host/faults.ts";

const ID = "d5".repeat(32);

function begin() {
  let now = 0;
  const faults = new Faults(() => now);
  const said: string[] = [];
  faults.follow(({ message }) => said.push(message));
  const wait = (seconds: number): void => {
    now += 1000 * seconds;
  };
  return { faults, said, wait };
}

it("counts an error of one kind of object, and reports the first", () => {
  const { faults, said, wait } = begin();
  faults.note("EACCES", "/proc/17/net/dev");
  wait(5);
  faults.note("EACCES", `/proc/2345/net/dev`);
  faults.note("EACCES", `/sys/fs/cgroup/${ID}/cpu.stat`);
  wait(7);
  expect(faults.all.map(({ code, count, age }) => [code, count, age])).toEqual([
    ["EACCES", 2, 7],
    ["EACCES", 1, 7],
  ]);
  expect(faults.all[0]?.message).toBe("/proc/2345/net/dev: permission denied (EACCES)");
  expect(said).toEqual([
    "/proc/17/net/dev: permission denied (EACCES)",
    `/sys/fs/cgroup/${ID}/cpu.stat: permission denied (EACCES)`,
  ]);
});

it("counts a shortage of the process or of the host once, whatever object it is about", () => {
  const { faults, said } = begin();
  for (const object of ["a socket in /proc/7/ns/net", "/proc/7/net/dev", "a pidfd of process 7"])
    faults.note("EMFILE", object);
  faults.note("ENFILE", "/proc/stat");
  expect(faults.all.map(({ code, count }) => [code, count])).toEqual([
    ["EMFILE", 3],
    ["ENFILE", 1],
  ]);
  expect(said.length).toBe(2);
  expect(faults.all[0]?.remedy).toContain("LimitNOFILE=65536");
  expect(faults.all[1]?.remedy).toContain("fs.file-max");
});

it("ignores errors that mean that an object is missing or has no value", () => {
  const { faults } = begin();
  for (const code of ["ENOENT", "ENOTDIR", "ESRCH", "ENODEV", "EINVAL", "EISDIR", undefined]) faults.note(code, "/a");
  expect(faults.all).toEqual([]);
});

it("remembers a limited number of kinds, and counts further ones together", () => {
  const { faults, said } = begin();
  for (let i = 0; i < 500; i++) faults.note("EIO", `/${"x".repeat(i)}`);
  expect(faults.all.length).toBe(101);
  expect(faults.all.reduce((sum, { count }) => sum + count, 0)).toBe(500);
  expect(said.length).toBe(101);
});

it("forgets what happened before it is followed", () => {
  const { faults } = begin();
  faults.note("EIO", "/a");
  faults.follow(() => undefined);
  expect(faults.all).toEqual([]);
});
