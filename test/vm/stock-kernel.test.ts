// This machine's programs under Debian's kernel, with features that other kernels lack, and cgroups v2 only. Runs
// those end-to-end tests that depend on the kernel and not on the clock.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CABLES } from "./cables.ts";
import { disks } from "./disks.ts";
import { boot, cable } from "./machine.ts";
import { report } from "./results.ts";

const E2E = ["main-job", "docker-counters", "docker-churn", "docker-identity"];

const CASES = [
  /on Debian's kernel, /,
  /each direction is sampled within four standard deviations/,
  /the pool is what the rate says/,
  /the packets sampled are random/,
  /the counters of the interface end as the kernel's did/,
  /a container that has worked and is paused/,
  /none is missed, none is reported twice/,
  /the final processor time of a short container is what it measured itself/,
  /pauses and goes on/,
  /runs out of memory/,
  /of a control group count once/,
  /of the host are those of all disks/,
];

const GUEST = ["bond", "disks"];

const files = [
  ...GUEST.map((name) => `test/vm/guest/${name}.test.ts`),
  ...E2E.map((name) => `test/e2e/${name}.test.ts`),
].join(" ");
const names = CASES.map(({ source }) => source).join("|");

/**
 * The folders of the tests lie on a RAM disk, because control groups count only what goes to a disk. There are 100 RAM
 * disks, so that other disks come after the first page of /proc/diskstats. Network cards are renamed, because ip(8)
 * refuses a name that is used here, even for another namespace.
 */
const script = `
export CI=1 HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/mnt CONTAINERS=4
mount -t cgroup2 cgroup2 /sys/fs/cgroup
modprobe virtio_net
for card in $(ls /sys/class/net | grep eth); do ip link set $card name of-$card; done
ip link set lo up
modprobe brd rd_nr=100 rd_size=1048576 && mke2fs -q /dev/ram0 && mount /dev/ram0 /mnt
cd '${process.cwd()}'
vitest=node_modules/vitest/vitest.mjs
'${process.execPath}' $vitest run --config test/vm/guest/vitest.config.ts ${files} -t "${names}"
busybox poweroff -f
`;

const folder = mkdtempSync(join(tmpdir(), "hsflowd-disks-"));
const devices = [...CABLES.flatMap((macs, hub) => cable(hub, macs)), ...disks(folder)];
const machine = boot(script, { seconds: 600, devices });
try {
  await machine.ended();
  report(machine, CASES);
} finally {
  await machine.remove();
  rmSync(folder, { recursive: true });
}
