// tcp { } and pcap { } with interfaces and tunnels that Debian's kernel has and some other kernels lack.

import { boot } from "./machine.ts";
import { report } from "./results.ts";

/** `ip vrf exec` binds sockets by cgroups v2. */
const script = `
export CI=1 HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
cd '${process.cwd()}'
vitest=node_modules/vitest/vitest.mjs
'${process.execPath}' $vitest run --config test/vm/guest/vitest.config.ts test/vm/guest/tcp- test/vm/guest/container-
busybox poweroff -f
`;

const machine = boot(script, { seconds: 600 });
try {
  await machine.ended();
  report(machine, [
    /connections in a VRF/,
    /connections of an ipvlan/,
    /connections inside tunnels/,
    /cards of a container of every kind/,
  ]);
} finally {
  await machine.remove();
}
