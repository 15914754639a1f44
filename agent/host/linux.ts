// The Host of a real machine. Only this file and its parts (linux-*.ts) use the I/O of Node.

import { promises as dns } from "node:dns";
import { hostname, machine, release, type } from "node:os";
import { loadShim } from "../../native-shim/load.ts";
import type { Shim } from "../../native-shim/shim.ts";
import { codeOf } from "./error-code.ts";
import { Faults } from "./faults.ts";
import type { Files, Host, Uname } from "./host.ts";
import { makeLinuxClock, monotonicMilliseconds } from "./linux-clock.ts";
import { Descriptors } from "./linux-descriptors.ts";
import { askNameServer } from "./linux-dns.ts";
import { makeLinuxFiles } from "./linux-files.ts";
import { makeRandom } from "./linux-random.ts";

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

/** Returns the shim with opening calls that leave descriptors for other parts of the agent, and note lasting errors. */
function shareDescriptors(shim: Shim, descriptors: Descriptors, faults: Faults): Shim {
  const open = (object: string, call: () => number, close?: (fd: number) => void): number => {
    try {
      return descriptors.lasting(object, call, close);
    } catch (error) {
      if (codeOf(error) === "ENOMEM") faults.note("ENOMEM", object);
      throw error;
    }
  };
  return {
    ...shim,
    // Sockets of the agent's own namespace are few, and others depend on them.
    socket: (domain, type, protocol, namespace) =>
      namespace === undefined
        ? open("a socket", () => shim.socket(domain, type, protocol))
        : open(`a socket in ${namespace}`, () => shim.socket(domain, type, protocol, namespace), shim.close),
    statfs: (path) => open(path, () => shim.statfs(path)),
    pidfd: (pid) => open(`a pidfd of process ${pid}`, () => shim.pidfd(pid), shim.close),
  };
}

// Loaded on demand: the HTTP server of Node takes 14 MB of memory.
const loadServer = () => import("./linux-page.ts");
const loadClient = () => import("./linux-http.ts");

/** Loads now what is otherwise loaded on demand. */
export const preloadHost = (): Promise<unknown> => Promise.all([loadServer(), loadClient()]);

/**
 * Returns the host with its files below `root`. Loads the addon for the first socket, so `hsflowd check` works without.
 */
export function makeLinuxHost(root = "/"): Host {
  const faults = new Faults(monotonicMilliseconds);
  const descriptors = new Descriptors(faults);
  let shim: Shim | undefined;
  const sockets = (): Shim => {
    shim ??= shareDescriptors(loadShim(), descriptors, faults);
    return shim;
  };
  const files = makeLinuxFiles(root, sockets, faults, descriptors);
  return {
    clock: makeLinuxClock({
      monotonic: monotonicMilliseconds,
      uptime: () => files.read("/proc/uptime"),
      wall: Date.now,
    }),
    files,
    faults,
    get sockets() {
      return sockets();
    },
    uname: makeUname(files),
    resolve,
    askNameServer,
    servePage: async (address, page, token) => (await loadServer()).servePage(address, page, token),
    askHttpServer: async (...request) => (await loadClient()).askHttpServer(...request),
    random: makeRandom(),
    env: process.env,
  };
}
