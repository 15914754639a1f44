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
import { NamespaceHelper } from "./linux-namespaces.ts";
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

const FORBIDDEN: readonly unknown[] = ["EACCES", "EPERM"];

/** Opens a socket in a namespace: by the helper, if this process may not enter it. */
function openInside(shim: Shim, helper: NamespaceHelper): (...what: Required<Parameters<Shim["socket"]>>) => number {
  return (domain, type, protocol, namespace) => {
    try {
      return shim.socket(domain, type, protocol, namespace);
    } catch (error) {
      if (!FORBIDDEN.includes(codeOf(error))) throw error;
      return helper.socket(domain, type, protocol, namespace, error);
    }
  };
}

/** Returns the shim with opening calls that leave descriptors for other parts of the agent, and note lasting errors. */
function shareDescriptors(shim: Shim, helper: NamespaceHelper, descriptors: Descriptors, faults: Faults): Shim {
  const inside = openInside(shim, helper);
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
        : open(`a socket in ${namespace}`, () => inside(domain, type, protocol, namespace), shim.close),
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
  let addon: Shim | undefined;
  const load = (): Shim => {
    addon ??= loadShim();
    return addon;
  };
  const helper = new NamespaceHelper(load, faults, monotonicMilliseconds);
  const sockets = (): Shim => {
    shim ??= shareDescriptors(load(), helper, descriptors, faults);
    return shim;
  };
  const own = makeLinuxFiles(root, sockets, faults, descriptors);
  // Below another root, process ids are those of another machine or of a fixture.
  const files: Files = root === "/" ? { ...own, link: (path) => own.link(path) ?? helper.identify(path) } : own;
  return {
    clock: makeLinuxClock({
      monotonic: monotonicMilliseconds,
      uptime: () => files.read("/proc/uptime"),
      wall: Date.now,
      // Commands that open no socket need no addon, so only a loaded one is used.
      alarm: () => shim?.alarm,
    }),
    files,
    faults,
    get sockets() {
      return sockets();
    },
    uname: makeUname(files),
    hasNamespaceHelper: () => helper.answers(),
    resolve,
    askNameServer,
    servePage: async (address, page, token) => (await loadServer()).servePage(address, page, token),
    askHttpServer: async (...request) => (await loadClient()).askHttpServer(...request),
    random: makeRandom(),
    env: process.env,
  };
}
