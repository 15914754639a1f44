// Three worlds that every block is started in: a host in memory, a host where everything is missing, and this machine.

import { readdirSync, readlinkSync } from "node:fs";
import type { Host } from "../../agent/host/host.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { makeShimError } from "../../native-shim/errno.ts";
import { type FakeContext, makeFakeContext } from "../fakes/context.ts";
import { type FakeHost, makeFakeHost } from "../fakes/host.ts";
import { adaptor, FakeInterfaces } from "../fakes/interfaces.ts";

const EPERM = 1;

const interfaces = (): FakeInterfaces =>
  new FakeInterfaces(adaptor(1, "lo", { loopback: true, hardwareType: 772 }), adaptor(2, "eth0"));

/** Makes a host with the files of a captured server, and with sockets that open and receive nothing. */
export const makePlainWorld = (): FakeContext =>
  makeFakeContext({ host: makeFakeHost({ tree: "arm64-server" }), interfaces: interfaces() });

const refuse = (syscall: string) => (): never => {
  throw makeShimError(-EPERM, syscall);
};

/** Makes a host with lo and eth0, but without files or a name server. It refuses every socket and page. */
export function makeBareWorld(): FakeContext {
  const host = makeFakeHost();
  host.sockets.socket = refuse("socket");
  host.sockets.pidfd = refuse("pidfd_open");
  host.sockets.bpf = refuse("bpf");
  const servePage = () => Promise.reject(makeShimError(-EPERM, "bind"));
  return makeFakeContext({ host: { ...host, servePage }, interfaces: interfaces() });
}

export type RealContext = Omit<FakeContext, "host"> & { readonly host: Host };

/** Returns this machine, but with a name server on the loopback: no question leaves it. Keeps files of /proc open. */
export function makeRealHost(): Host {
  const host = makeLinuxHost();
  const resolvConf = "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n";
  const read = (path: string) => (path === "/etc/resolv.conf" ? resolvConf : host.files.read(path));
  return { ...host, files: { ...host.files, read } };
}

export const makeRealWorld = (host: Host): RealContext => makeFakeContext({ host, interfaces: interfaces() });

/** Returns everything that a block has opened, registered and sent so far, and the part that is still open. */
export function effectsOn({ host, agent, collectors, interfaces: table, found }: FakeContext) {
  return {
    ...opened(host),
    collectors: collectors.joined.size,
    polled: [...table.polled],
    written: agent.written.length,
    dropped: agent.dropped.length,
    readers: [...agent.pollers].map(([source, { readers }]) => [source, readers.length]),
    samples: [...agent.pollers].map(([source, { sampled }]) => [source, sampled.length]),
    found: found.length,
  };
}

const opened = ({ sockets, clock, pages }: FakeHost) => ({
  everOpened: sockets.opened.length,
  open: sockets.open.map(({ fd }) => fd),
  timers: clock.timers,
  pages: [...pages.keys()],
});

/** Returns the descriptors, timers and registrations that a block has not given back: NOTHING after `stop`. */
export function heldBy(context: FakeContext) {
  const { open, timers, pages, collectors, polled, readers } = effectsOn(context);
  return { open, timers, pages, collectors, polled, readers: readers.filter(([, count]) => count !== 0) };
}

export const NOTHING: ReturnType<typeof heldBy> = {
  open: [],
  timers: 0,
  pages: [],
  collectors: 0,
  polled: [],
  readers: [],
};

/** Returns the descriptors of this process, each with its target. Leaves out the one that lists them. */
export function descriptors(): readonly string[] {
  const links = readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`];
    } catch {
      return [];
    }
  });
  return links.filter((link) => !/ \/proc\/\d+\/fd$/.test(link)).sort();
}
