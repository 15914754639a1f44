// Finds and reads the cgroups of a container, on hosts with v1, v2 and both.

import { describe, expect, it } from "vitest";
import { findHierarchies, groupAt, type Hierarchies } from "../../agent/counters/control-group.ts";
import { StackedDevices } from "../../agent/counters/stacked-devices.ts";
import { readCpuQuota, readCpuTime } from "../../agent/counters/virt-cpu.ts";
import { readBlockIo } from "../../agent/counters/virt-disk-io.ts";
import { readMemory, readMemoryLimit } from "../../agent/counters/virt-memory.ts";
import { GroupFinder } from "../../agent/workloads/group-finder.ts";
import { memoryFiles } from "../fakes/files.ts";
import { makeFakeHost } from "../fakes/host.ts";

const id = "d5".repeat(32);

const findGroup = (files: ReturnType<typeof memoryFiles>, hierarchies: Hierarchies, container: string) =>
  new GroupFinder(files, { uptime: () => 0 }, hierarchies).ofContainer(container);

const devices = new StackedDevices(makeFakeHost());

const V1 = `tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
cgroup /sys/fs/cgroup/blkio cgroup rw,blkio 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
`;

describe("cgroup v1", () => {
  const group = `/docker/${id}`;
  const files = memoryFiles({
    [`/sys/fs/cgroup/cpu,cpuacct${group}/cgroup.procs`]: "12\n",
    [`/sys/fs/cgroup/cpu,cpuacct${group}/cpuacct.usage`]: "33955709\n",
    [`/sys/fs/cgroup/cpu,cpuacct${group}/cpu.cfs_quota_us`]: "150000\n",
    [`/sys/fs/cgroup/cpu,cpuacct${group}/cpu.cfs_period_us`]: "100000\n",
    [`/sys/fs/cgroup/memory${group}/memory.usage_in_bytes`]: "548864\n",
    [`/sys/fs/cgroup/memory${group}/memory.stat`]: "cache 1\ntotal_inactive_file 48864\n",
    [`/sys/fs/cgroup/memory${group}/memory.limit_in_bytes`]: "9223372036854771712\n",
    [`/sys/fs/cgroup/blkio${group}/blkio.throttle.io_service_bytes_recursive`]: "8:0 Read 10\n8:0 Write 20\nTotal 30\n",
    [`/sys/fs/cgroup/blkio${group}/blkio.throttle.io_serviced_recursive`]: "8:0 Read 1\n8:0 Write 2\nTotal 3\n",
  });
  const found = findGroup(files, findHierarchies(V1), id);

  it("finds the group by id and reads each resource in its own hierarchy", () => {
    expect(found?.cpuacct).toBe(`/sys/fs/cgroup/cpu,cpuacct${group}`);
    if (found === undefined) return;
    expect(readCpuTime(files, found)).toBe(33);
    expect(readCpuQuota(files, found)).toBe(2);
    expect(readMemory(files, found)).toBe(500_000);
    expect(readMemoryLimit(files, found)).toBeUndefined();
    expect(readBlockIo(files, found, devices)).toEqual({ rd_req: 1, rd_bytes: 10, wr_req: 2, wr_bytes: 20 });
  });

  it("reads undefined, not zero, after the cgroup was removed", () => {
    if (found === undefined) throw new Error("group not found");
    const empty = memoryFiles({});
    expect(readCpuTime(empty, found)).toBeUndefined();
    expect(readMemory(empty, found)).toBeUndefined();
    expect(readBlockIo(empty, found, devices)).toBeUndefined();
  });
});

describe("cgroup v2", () => {
  const hierarchies = findHierarchies("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
  const folder = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;
  const files = memoryFiles({
    [`${folder}/cgroup.procs`]: "",
    [`${folder}/cpu.stat`]: "usage_usec 2500\nuser_usec 2000\n",
    [`${folder}/cpu.max`]: "max 100000\n",
    [`${folder}/memory.current`]: "1000\n",
    [`${folder}/memory.stat`]: "anon 1\ninactive_file 2000\n",
    [`${folder}/memory.max`]: "4096\n",
    [`${folder}/io.stat`]: "254:0 rbytes=5 wbytes=6 rios=7 wios=8\n",
  });

  it("finds the scope of the systemd driver", () => {
    const found = findGroup(files, hierarchies, id);
    expect(found?.unified).toBe(folder);
    if (found === undefined) return;
    expect(readCpuTime(files, found)).toBe(2);
    expect(readCpuQuota(files, found)).toBeUndefined();
    expect(readMemory(files, found)).toBe(0);
    expect(readMemoryLimit(files, found)).toBe(4096);
    expect(readBlockIo(files, found, devices)).toEqual({ rd_req: 7, rd_bytes: 5, wr_req: 8, wr_bytes: 6 });
  });

  it("finds cgroups in other layouts by /proc/PID/cgroup, but never returns the root cgroup", () => {
    expect(groupAt(hierarchies, new Map([["", "/mine/x"]])).unified).toBe("/sys/fs/cgroup/mine/x");
    expect(groupAt(hierarchies, new Map([["", "/"]])).unified).toBeUndefined();
    expect(findGroup(files, hierarchies, "00".repeat(32))).toBeUndefined();
  });
});
