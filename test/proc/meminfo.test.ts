// /proc/meminfo of current kernels, and of old ones with two formats in one file.

import { expect, it } from "vitest";
import { parseMeminfo } from "../../agent/proc/meminfo.ts";
import { hostTree } from "../fakes/files.ts";

it("returns bytes by name, without counts of pages", () => {
  const memory = parseMeminfo("MemTotal:       24684084 kB\nActive(anon):       1568 kB\nHugePages_Total:       7\n");
  expect([...memory]).toEqual([
    ["MemTotal", 24684084 * 1024],
    ["Active(anon)", 1568 * 1024],
  ]);
});

it("skips lines of another format", () => {
  const memory = parseMeminfo(hostTree("old-kernel").read("/proc/meminfo") ?? "");
  expect(memory.get("MemTotal")).toBe(515380 * 1024);
  expect([memory.get("Mem"), memory.get("Shmem")]).toEqual([undefined, undefined]);
  expect(parseMeminfo("\n: kB\nX: kB\n").get("X")).toBe(undefined);
});
