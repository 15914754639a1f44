// /proc/cpuinfo of several architectures.

import { expect, it } from "vitest";
import { parseCpuMhz } from "../../agent/proc/cpuinfo.ts";
import { hostTree } from "../fakes/files.ts";

it.each([
  ["virtual-machine", 2596.134],
  ["old-kernel", 996.847],
  ["arm64-server", undefined],
])("reads %s", (host, mhz) => {
  expect(parseCpuMhz(hostTree(host).read("/proc/cpuinfo") ?? "")).toBe(mhz);
});

it("reads the keys of PowerPC and s390", () => {
  expect(parseCpuMhz("processor\t: 0\ncpu\t\t: POWER9\nclock\t\t: 3425.000000MHz\n")).toBe(3425);
  expect(parseCpuMhz("cpu number      : 0\ncpu MHz dynamic : 5200\ncpu MHz static  : 5100\n")).toBe(5200);
  expect(parseCpuMhz("cpu MHz : 0.000\n")).toBe(undefined);
});
