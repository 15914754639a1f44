// psample { } on Debian's kernel, which has the modules that sample packets. tc-sample(8)

import { boot } from "./machine.ts";
import { report } from "./results.ts";

const script = `
export CI=1 HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
cd '${process.cwd()}'
vitest=node_modules/vitest/vitest.mjs
'${process.execPath}' $vitest run --config test/vm/guest/vitest.config.ts test/vm/guest/psample.test.ts
busybox poweroff -f
`;

const machine = boot(script, { seconds: 600 });
try {
  await machine.ended();
  report(machine, [/within four standard deviations/, /sfacctd adds up/, /packets of 8,900 bytes/]);
} finally {
  await machine.remove();
}
