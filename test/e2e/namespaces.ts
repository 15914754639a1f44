// Network namespaces and the cables between them. All traffic of the tests stays inside. ip-netns(8), veth(4).

import { existsSync, readdirSync } from "node:fs";
import { run, tryRun } from "./command.ts";

const PREFIX = "hsfe2e";

export interface Namespace {
  readonly name: string;
  /** The path for setns(2) and `ip`. */
  readonly path: string;
  /** Runs a program inside to its end, and returns its output. */
  run(command: string, ...args: string[]): string;
  /** Runs ip(8) on this namespace, and returns its output. */
  ip(...words: string[]): string;
  /** Returns the command line that runs a program inside. */
  command(...words: string[]): [string, ...string[]];
}

/** The namespace in which the tests themselves run. */
export const here: Pick<Namespace, "command"> = { command: (...words) => words as [string, ...string[]] };

export interface Cable {
  readonly address: string;
  readonly mac: string;
  readonly index: number;
}

/** The namespaces of one test file. `remove` removes all of them, with every interface and process inside. */
export interface Lab {
  namespace(): Namespace;
  remove(): void;
}

export function makeLab(): Lab {
  sweep();
  // One process may have several labs, as the benchmark has.
  const lab = Math.random().toString(36).slice(2, 8);
  const made: Namespace[] = [];
  return {
    namespace() {
      const namespace = makeNamespace(`${PREFIX}-${process.pid}-${lab}-${made.length}`);
      made.push(namespace);
      return namespace;
    },
    remove() {
      for (const { name } of made.splice(0)) remove(name);
    },
  };
}

/** Removes the namespaces of runs that were killed. */
function sweep(): void {
  const left = existsSync("/run/netns") ? readdirSync("/run/netns") : [];
  for (const name of left) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) remove(name);
  }
}

function remove(name: string): void {
  const pids = tryRun("ip", "netns", "pids", name).stdout.split("\n").map(Number);
  for (const pid of pids.filter((pid) => pid > 0)) tryRun("kill", "-KILL", `${pid}`);
  tryRun("ip", "netns", "del", name);
}

/** Loopback is up. Other interfaces have no IPv6 by default, so that every packet on them was sent by the test. */
function makeNamespace(name: string): Namespace {
  run("ip", "netns", "add", name);
  const command = (...words: string[]): [string, ...string[]] => ["ip", "netns", "exec", name, ...words];
  const namespace: Namespace = {
    name,
    path: `/run/netns/${name}`,
    command,
    run: (...words) => run(...command(...words)),
    ip: (...words) => run("ip", "-n", name, ...words),
  };
  namespace.run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1", "net.ipv4.ip_forward=0");
  namespace.ip("link", "set", "lo", "up");
  return namespace;
}

const macOf = (address: string) =>
  `02:00:${address
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join(":")}`;

/**
 * A veth pair, each end called `name` in its namespace, with the addresses given (`10.9.0.1`, /24). Neighbours are
 * static: there is no ARP. Packets to `nobody` arrive at the other end and are dropped there without an answer.
 */
export function connect(
  name: string,
  [near, nearAddress]: [Namespace, string],
  [far, farAddress]: [Namespace, string],
): [Cable, Cable] {
  const from = macOf(nearAddress);
  const to = macOf(farAddress);
  run(
    ...["ip", "link", "add", name, "netns", near.name, "address", from, "type", "veth"],
    ...["peer", "name", name, "netns", far.name, "address", to],
  );
  return [plug(near, name, nearAddress, farAddress, to), plug(far, name, farAddress, nearAddress, from)];
}

function plug(namespace: Namespace, name: string, address: string, peer: string, peerMac: string): Cable {
  const { ip } = namespace;
  ip("address", "add", `${address}/24`, "dev", name);
  ip("link", "set", name, "up");
  ip("neigh", "replace", peer, "lladdr", peerMac, "dev", name);
  ip("neigh", "replace", nobody(address), "lladdr", peerMac, "dev", name);
  const index = Number(namespace.run("cat", `/sys/class/net/${name}/ifindex`));
  return { address, mac: macOf(address), index };
}

/** Adds an IPv6 address, /64, that is usable at once. */
export function speakIpv6(namespace: Namespace, device: string, address: string): void {
  namespace.run("sysctl", "-qw", `net.ipv6.conf.${device}.disable_ipv6=0`);
  namespace.ip("address", "add", `${address}/64`, "dev", device, "nodad");
}

/** Returns an address of the same network that no host has; packets to it go to the other end of the cable. */
export const nobody = (address: string): string => address.replace(/\d+$/, "99");

/** Returns the packets and bytes that the kernel counted on an interface. */
export function counted(namespace: Namespace, name: string): Record<"rx" | "tx", { packets: number; bytes: number }> {
  const read = (counter: string) => Number(namespace.run("cat", `/sys/class/net/${name}/statistics/${counter}`));
  return {
    rx: { packets: read("rx_packets"), bytes: read("rx_bytes") },
    tx: { packets: read("tx_packets"), bytes: read("tx_bytes") },
  };
}

/** Returns a namespace that puts `before` in front of every command line. */
export function behind(namespace: Namespace, ...before: string[]): Namespace {
  const command = (...words: string[]) => namespace.command(...before, ...words);
  return { ...namespace, command, run: (...words) => run(...command(...words)) };
}

const AT_ONCE = tryRun("chrt", "--rr", "1", "true").status === 0 ? ["chrt", "--rr", "1"] : [];

/** Returns a namespace whose programs get a processor at once, so that other work on the machine is not measured. */
export function atOnce(namespace: Namespace): Namespace {
  return behind(namespace, ...AT_ONCE);
}
