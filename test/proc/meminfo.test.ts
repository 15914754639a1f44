// /proc/meminfo of now and of the days of two formats in one file.

import { expect, it } from "vitest";
import { parseMeminfo } from "../../agent/proc/meminfo.ts";
import { hostTree } from "../fakes/files.ts";

it("gives bytes by name, and no counts of pages", () => {
  const memory = parseMeminfo("MemTotal:       24684084 kB\nActive(anon):       1568 kB\nHugePages_Total:       7\n");
  expect([...memory]).toEqual([
    ["MemTotal", 24684084 * 1024],
    ["Active(anon)", 1568 * 1024],
  ]);
});

it("leaves out lines of another shape", () => {
  const memory = parseMeminfo(hostTree("old-kernel").read("/proc/meminfo") ?? "");
  expect(memory.get("MemTotal")).toBe(515380 * 1024);
  expect([memory.get("Mem"), memory.get("Shmem")]).toEqual([undefined, undefined]);
  expect(parseMeminfo("\n: kB\nX: kB\n").get("X")).toBe(undefined);
});
