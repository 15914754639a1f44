// /proc/stat with few columns, with many processors, and empty.

import { expect, it } from "vitest";
import { parseStat } from "../../agent/proc/stat.ts";
import { hostTree } from "../fakes/files.ts";

const read = (host: string) => parseStat(hostTree(host).read("/proc/stat") ?? "");

it("reads every column of a current kernel", () => {
  const text = "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 11 0 0\nctxt 12\nbtime 13\n";
  expect(parseStat(text)).toEqual({
    cpu: {
      user: 1,
      nice: 2,
      system: 3,
      idle: 4,
      iowait: 5,
      irq: 6,
      softirq: 7,
      steal: 8,
      guest: 9,
      guest_nice: 10,
    },
    cpus: 1,
    interrupts: 11,
    contexts: 12,
  });
});

it("returns undefined for columns that an old kernel lacks", () => {
  const { cpu, cpus, interrupts } = read("old-kernel");
  expect(cpu).toMatchObject({ user: 12034, idle: 987654, iowait: undefined, steal: undefined, guest_nice: undefined });
  expect([cpus, interrupts]).toEqual([1, 4312999]);
});

it("counts 64 processors and reads numbers beyond 32 bits", () => {
  const { cpu, cpus, interrupts, contexts } = read("arm64-server");
  expect(cpus).toBe(64);
  expect(cpu.idle).toBeGreaterThan(4e9);
  expect([interrupts, contexts]).toEqual([98765432109, 123456789012]);
});

it("returns unknown values for empty and foreign text", () => {
  for (const text of ["", "cpu\n", "intr\nctxt\n", "hello world\n"]) {
    const { cpu, cpus, interrupts } = parseStat(text);
    expect([cpu.user, cpus, interrupts]).toEqual([undefined, 0, undefined]);
  }
});
