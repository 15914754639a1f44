// Network namespaces and the cables between them: where the tests' traffic runs, and nowhere else. ip-netns(8),
// veth(4).

import { existsSync, readdirSync } from "node:fs";
import { run, tryRun } from "./command.ts";

const PREFIX = "hsfe2e";

export interface Namespace {
  readonly name: string;
  /** As setns(2) and `ip` know it. */
  readonly path: string;
  /** Runs a program inside to its end. */
  run(command: string, ...args: string[]): string;
  /** ip(8) about what is inside: what it printed. */
  ip(...words: string[]): string;
  /** The command line that runs a program inside. */
  command(...words: string[]): [string, ...string[]];
}

/** Where the tests themselves run. */
export const here: Pick<Namespace, "command"> = { command: (...words) => words as [string, ...string[]] };

export interface Cable {
  readonly address: string;
  readonly mac: string;
  readonly index: number;
}

/** The namespaces of one test file; `remove` takes all of them away again, with every interface and process in them. */
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

/** Takes away what a run left behind that was killed. */
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

/**
 * Loopback is up; other interfaces speak no IPv6 of their own accord, so that every packet on them is one the test
 * sent.
 */
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
 * A veth pair, one end called `name` in either namespace, with the addresses given (`10.9.0.1`, /24). Neighbours are
 * written down beforehand: no ARP is seen. What is sent to `nobody` arrives and is dropped there without an answer.
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

/** Gives an interface an IPv6 address, /64, at once in force. */
export function speakIpv6(namespace: Namespace, device: string, address: string): void {
  namespace.run("sysctl", "-qw", `net.ipv6.conf.${device}.disable_ipv6=0`);
  namespace.ip("address", "add", `${address}/64`, "dev", device, "nodad");
}

/** An address of the same network that belongs to no host but is sent to the other end of the cable. */
export const nobody = (address: string): string => address.replace(/\d+$/, "99");

/** Packets and bytes the kernel counted on an interface. */
export function counted(namespace: Namespace, name: string): Record<"rx" | "tx", { packets: number; bytes: number }> {
  const read = (counter: string) => Number(namespace.run("cat", `/sys/class/net/${name}/statistics/${counter}`));
  return {
    rx: { packets: read("rx_packets"), bytes: read("rx_bytes") },
    tx: { packets: read("tx_packets"), bytes: read("tx_bytes") },
  };
}

/** Programs are started by what other words do before. */
export function behind(namespace: Namespace, ...before: string[]): Namespace {
  const command = (...words: string[]) => namespace.command(...before, ...words);
  return { ...namespace, command, run: (...words) => run(...command(...words)) };
}

const AT_ONCE = tryRun("chrt", "--rr", "1", "true").status === 0 ? ["chrt", "--rr", "1"] : [];

/** Programs get the processor as soon as they want it, so that what else this machine does is not measured. */
export function atOnce(namespace: Namespace): Namespace {
  return behind(namespace, ...AT_ONCE);
}
