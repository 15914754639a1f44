// The real Host: the one place where the agent meets Node's own I/O and the shim.

import { lookup } from "node:dns/promises";
import { hostname, machine, release, type as systemName } from "node:os";
import { loadShim } from "../../native-shim/load.ts";
import type { Host } from "./host.ts";
import { makeLinuxClock } from "./linux-clock.ts";
import { makeLinuxFiles } from "./linux-files.ts";

/** `root` is where the host's /proc, /sys and /etc are seen from: `/host` in a container. Throws where the shim cannot be loaded. */
export function makeLinuxHost(root = "/"): Host {
  const files = makeLinuxFiles(root);
  const kernel = (name: string): string | undefined => files.read(`/proc/sys/kernel/${name}`)?.trimEnd();
  return {
    clock: makeLinuxClock(),
    files,
    sockets: loadShim(),
    uname: () => ({
      system: systemName(),
      name: kernel("hostname") ?? hostname(),
      release: kernel("osrelease") ?? release(),
      machine: machine(),
    }),
    resolve: async (name) => (await lookup(name, { all: true, verbatim: true })).map((entry) => entry.address),
    random: (below) => Math.floor(Math.random() * below),
    env: process.env,
  };
}
