// The Host of a real machine. Only this file and its parts (linux-*.ts) use the I/O of Node.

import { promises as dns } from "node:dns";
import { hostname, machine, release, type } from "node:os";
import { loadShim } from "../../native-shim/load.ts";
import type { Shim } from "../../native-shim/shim.ts";
import type { Files, Host, Uname } from "./host.ts";
import { makeLinuxClock, monotonicMilliseconds } from "./linux-clock.ts";
import { askNameServer } from "./linux-dns.ts";
import { makeLinuxFiles } from "./linux-files.ts";

/**
 * Reads the host name from /proc if possible, because it may change, and Node keeps the first result of uname(2). The
 * other names do not change while the kernel runs.
 */
function makeUname(files: Files): () => Uname {
  const read = (name: string): string | undefined => files.read(`/proc/sys/kernel/${name}`)?.trim();
  const lasting = { system: type(), release: read("osrelease") ?? release(), machine: machine() };
  return () => ({ ...lasting, name: read("hostname") ?? hostname() });
}

async function resolve(name: string): Promise<readonly string[]> {
  const found = await dns.lookup(name, { all: true, verbatim: true });
  return found.map((entry) => entry.address);
}

/**
 * Returns the host with its files below `root`. Loads the addon for the first socket, so `hsflowd check` works without.
 */
export function makeLinuxHost(root = "/"): Host {
  let shim: Shim | undefined;
  const sockets = (): Shim => {
    shim ??= loadShim();
    return shim;
  };
  const files = makeLinuxFiles(root, sockets);
  return {
    clock: makeLinuxClock({
      monotonic: monotonicMilliseconds,
      uptime: () => files.read("/proc/uptime"),
      wall: Date.now,
    }),
    files,
    get sockets() {
      return sockets();
    },
    uname: makeUname(files),
    resolve,
    askNameServer,
    // Loaded on demand: the HTTP server of Node takes 14 MB of memory.
    servePage: async (address, page) => (await import("./linux-page.ts")).servePage(address, page),
    random: (below) => Math.floor(Math.random() * below),
    env: process.env,
  };
}
