// The suites under the programs of Debian 13: its compiler, its nfdump, and its Node.js, which is mostly a library.

import { unpackedDebian } from "./debian.ts";
import { report } from "./results.ts";
import { runUnder } from "./userland.ts";

const TOOLS = [
  ...["nodejs", "gcc", "libc6-dev", "git", "python3", "strace", "procps"],
  ...["iproute2", "iptables", "ethtool", "iputils-ping", "tcpdump", "tshark", "pmacct", "nfdump", "nfdump-sflow"],
];

/** Those that depend on a compiler, on a decoder, on Node.js, or on who may enter the checkout. */
const E2E = ["main-job", "tcp-churn", "closed-checkout", "shim"].map((name) => `test/e2e/${name}.test.ts`);

const CASES = [
  /releases most of the program's memory/,
  /a reload starts blocks whose code lies where the agent's user cannot enter/,
  /sfcapd and nfdump count what was sent/,
  /ten thousand sockets/,
];

const vitest = "node node_modules/vitest/vitest.mjs run --reporter=./test/vm/guest/line-reporter.ts";
const command = `${vitest} --project unit; ${vitest} --project e2e ${E2E.join(" ")}`;

report(await runUnder(unpackedDebian("trixie", TOOLS), command, 500), CASES);
