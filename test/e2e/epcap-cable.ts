// A cable from the namespace of the test, where BPF programs can be attached, to another one. veth(4), tcx.

import { readdirSync, readFileSync } from "node:fs";
import { addToMemory, assemble, exit, loadMapValue, r0, r1, r2, set } from "../../agent/capture/epcap/assembler.ts";
import { attach, loadProgram } from "../../agent/capture/epcap/kernel.ts";
import { SharedValue } from "../../agent/capture/epcap/tap-memory.ts";
import type { Shim } from "../../native-shim/shim.ts";
import { run } from "./command.ts";
import type { Namespace } from "./namespaces.ts";

export const CABLE = "hsfepcap0";
export const MAC = "020000000002";

export const indexOf = (name: string): number => Number(run("cat", `/sys/class/net/${name}/ifindex`));

const addressed = (mac: string): string => mac.replaceAll(/..(?=.)/g, "$&:");

/** Both ends are called CABLE. The end here has 10.9.17.1, and 10.9.17.2 has a neighbour entry. */
export function layCable(there: Namespace): void {
  const peer = ["peer", "name", CABLE, "netns", there.name];
  run("ip", "link", "add", CABLE, "address", addressed(MAC), "type", "veth", ...peer);
  run("sysctl", "-qw", `net.ipv6.conf.${CABLE}.disable_ipv6=1`);
  run("ip", "address", "add", "10.9.17.1/24", "dev", CABLE);
  run("ip", "link", "set", CABLE, "up");
  there.ip("link", "set", CABLE, "up");
  run("ip", "neigh", "add", "10.9.17.2", "lladdr", "02:00:00:00:00:01", "dev", CABLE);
}

const fdinfo = (fd: string): string => {
  try {
    return readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
  } catch {
    return "";
  }
};

/** The descriptors of this process by which programs are attached. */
export const links = (): string[] =>
  readdirSync("/proc/self/fdinfo").filter((fd) => /^link_type:\s+tcx$/m.test(fdinfo(fd)));

/** Another program at the ingress of an interface, which counts packets and lets them pass. */
export function openCounter(sockets: Shim, index: number): { count(): number; close(): void } {
  const value = new SharedValue(sockets, 8);
  const program = loadProgram(
    sockets,
    assemble([loadMapValue(r1, value.fd, 0), set(r2, 1), addToMemory(r1, 0, r2), set(r0, -1), exit]),
  );
  const link = attach(sockets, program, index, "in");
  sockets.close(program);
  return {
    count: () => Number(new BigInt64Array(value.memory)[0]),
    close() {
      sockets.close(link);
      value.close();
    },
  };
}
