// host_cpu of small, old and large machines.

import { expect, it } from "vitest";
import { makeHostCpu } from "../../agent/counters/host-cpu.ts";
import { makeFakeHost } from "../fakes/host.ts";

const valueOn = (tree: string) => makeHostCpu(makeFakeHost({ tree }))()?.value;

it("has times in milliseconds and all other values as in the kernel", () => {
  const host = makeFakeHost({ tree: "virtual-machine" });
  host.files.over["/proc/loadavg"] = "0.63 0.37 0.25 2/95 23779\n";
  host.files.over["/proc/uptime"] = "2358.92 4263.86\n";
  host.files.over["/proc/stat"] = "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1\ncpu1 1\nintr 11 0\nctxt 12\n";
  expect(makeHostCpu(host)()?.value).toEqual({
    load_one: 0.63,
    load_five: 0.37,
    load_fifteen: 0.25,
    proc_run: 2,
    proc_total: 95,
    cpu_num: 2,
    cpu_speed: 2596,
    uptime: 2358,
    cpu_user: 10,
    cpu_nice: 20,
    cpu_system: 30,
    cpu_idle: 40,
    cpu_wio: 50,
    cpu_intr: 60,
    cpu_sintr: 70,
    interrupts: 11,
    contexts: 12,
    cpu_steal: 80,
    cpu_guest: 90,
    cpu_guest_nice: 100,
  });
});

it("has unknown values for counters that an old kernel lacks", () => {
  expect(valueOn("old-kernel")).toMatchObject({
    cpu_user: 120340,
    cpu_wio: undefined,
    cpu_steal: undefined,
    cpu_guest_nice: undefined,
    interrupts: 4312999,
  });
});

it("finds the clock rate of ARM in cpufreq, and 64 processors", () => {
  expect(valueOn("arm64-server")).toMatchObject({ cpu_num: 64, cpu_speed: 2600, uptime: 43_200_000 });
});

it("has a record if one file is unreadable, and none if all are", () => {
  const host = makeFakeHost({ tree: "virtual-machine" });
  host.files.over["/proc/stat"] = undefined;
  expect(makeHostCpu(host)()?.value).toMatchObject({ cpu_user: undefined, contexts: undefined, cpu_speed: 2596 });
  host.files.over["/proc/loadavg"] = undefined;
  expect(makeHostCpu(host)()?.value).toMatchObject({ load_one: undefined, proc_total: 0 });
  host.files.over["/proc/uptime"] = undefined;
  expect(makeHostCpu(host)()).toBe(undefined);
});

it("filters small decreases of idle and waiting time, but not the decrease when a processor is removed", () => {
  const host = makeFakeHost({ tree: "virtual-machine" });
  const read = makeHostCpu(host);
  const at = (idle: number, wait: number) => {
    host.files.over["/proc/stat"] = `cpu  1 1 1 ${idle} ${wait} 0 0 0 0 0\n`;
    const value = read()?.value as { cpu_idle: number; cpu_wio: number };
    return [value.cpu_idle, value.cpu_wio];
  };
  expect(at(100_000, 50)).toEqual([1_000_000, 500]);
  expect(at(99_999, 49)).toEqual([1_000_000, 500]);
  expect(at(100_002, 51)).toEqual([1_000_020, 510]);
  expect(at(10_000, 51)).toEqual([100_000, 510]);
});

it("reads /proc/cpuinfo at most once a minute", () => {
  const host = makeFakeHost({ tree: "virtual-machine" });
  const read = makeHostCpu(host);
  const readings = () => host.files.reads.filter((path) => path === "/proc/cpuinfo").length;
  read();
  host.clock.advance(59);
  read();
  expect(readings()).toBe(1);
  host.clock.advance(1);
  read();
  expect(readings()).toBe(2);
});
