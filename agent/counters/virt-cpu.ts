// Reads the processor time of a cgroup: cpuacct.usage (v1, nanoseconds), or usage_usec in cpu.stat (v2).

import type { Files } from "../host/host.ts";
import { parseKey, parseNumber } from "../proc/cgroup.ts";
import type { ControlGroup, TextFiles } from "./control-group.ts";

/** Returns milliseconds, or undefined if the cgroup was removed. */
export function readCpuTime(files: TextFiles, group: ControlGroup): number | undefined {
  if (group.cpuacct !== undefined) {
    const nanoseconds = parseNumber(files.read(`${group.cpuacct}/cpuacct.usage`));
    return nanoseconds === undefined ? undefined : Math.floor(nanoseconds / 1e6);
  }
  const text = group.unified === undefined ? undefined : files.read(`${group.unified}/cpu.stat`);
  const microseconds = text === undefined ? undefined : parseKey(text, "usage_usec");
  return microseconds === undefined ? undefined : Math.floor(microseconds / 1000);
}

/** Returns the CPU quota of the cgroup as a number of processors, rounded up, or undefined without a quota. */
export function readCpuQuota(files: Files, group: ControlGroup): number | undefined {
  const [quota, period] = group.cpuacct === undefined ? quotaV2(files, group) : quotaV1(files, group.cpuacct);
  return quota === undefined || period === undefined || period === 0 ? undefined : Math.ceil(quota / period);
}

type Quota = readonly [quota: number | undefined, period: number | undefined];

/** Reads the quota of v1. If cpu and cpuacct are mounted separately, the file is below the mount of cpu. */
function quotaV1(files: Files, cpuacct: string): Quota {
  const folder = [cpuacct, cpuacct.replace("/cpuacct/", "/cpu/")].find((path) =>
    files.exists(`${path}/cpu.cfs_quota_us`),
  );
  if (folder === undefined) return [undefined, undefined];
  return [
    parseNumber(files.read(`${folder}/cpu.cfs_quota_us`)),
    parseNumber(files.read(`${folder}/cpu.cfs_period_us`)),
  ];
}

function quotaV2(files: Files, group: ControlGroup): Quota {
  const text = group.unified === undefined ? undefined : files.read(`${group.unified}/cpu.max`);
  const [quota, period] = text?.split(" ") ?? [];
  return [parseNumber(quota), parseNumber(period)];
}
