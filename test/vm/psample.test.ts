// Blocks that sample packets, on Debian's kernel: psample { }, which needs its modules, and epcap { }, which needs
// Linux 6.6. tc-sample(8)

import { boot, kernelRelease } from "./machine.ts";
import { report } from "./results.ts";

const [major = 0, minor = 0] = kernelRelease().split(".").map(Number);
const hasTcx = major > 6 || (major === 6 && minor >= 6);
const EPCAP = hasTcx ? ["test/e2e/epcap.test.ts", "test/e2e/epcap-agent.test.ts"] : ["test/vm/guest/no-epcap.test.ts"];
const files = ["test/vm/guest/psample.test.ts", ...EPCAP].join(" ");

const script = `
export CI=1 HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
cd '${process.cwd()}'
vitest=node_modules/vitest/vitest.mjs
'${process.execPath}' $vitest run --config test/vm/guest/vitest.config.ts ${files}
busybox poweroff -f
`;

const machine = boot(script, { seconds: 600 });
try {
  await machine.ended();
  report(machine, [
    /within four standard deviations/,
    /sfacctd adds up/,
    /packets of 8,900 bytes/,
    hasTcx ? /samples 1 in N, follows interfaces/ : /names tcx/,
  ]);
} finally {
  await machine.remove();
}
