// Fake containers behind a bridge of the host, with namespace mounts, processes and connections.

import { expect } from "vitest";
import { FakeInterfaces } from "../../fakes/interfaces.ts";
import { ethernet, hex, ipv4, tcp } from "../../packet/frames.ts";
import { HOST_ADDRESS, makeBed, plugged } from "./bed.ts";

const OWN = "net:[1]";
export const RECEIVED = 1;
export const SENT = 2;
export const [DOCKER0, VETH] = [3, 4];
export const CONTAINER = "ac110002";
export const PEER = "c6336402";

/** A packet 172.17.0.2:port -> 198.51.100.2:443, received from the container. */
export const fromContainer = (port: number) => ({
  frame: hex(ethernet("0800"), ipv4("06").replace(HOST_ADDRESS, CONTAINER), tcp(port, 443)),
  direction: RECEIVED,
});

/** A folder that the agent has no permission to enter. */
export const LOCKED = "/run/locked/";

const open: ReturnType<typeof makeBed>[] = [];

/** Stops everything after a test, and checks that nothing stays open. */
export function endAll(): void {
  for (const { running, host } of open.splice(0)) {
    void running.stop();
    expect(host.sockets.open).toEqual([]);
    expect(host.clock.timers).toBe(0);
  }
}

export function started(mounts: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) {
  const docker0 = plugged(DOCKER0, "docker0", ["ac110001"], { kind: "bridge" });
  const veth = plugged(VETH, "veth1", [], { master: DOCKER0, kind: "veth", link: 2, linkNamespace: 0 });
  const bed = makeBed({}, new FakeInterfaces(plugged(2, "eth0", [HOST_ADDRESS]), docker0, veth));
  const setMounts = (now: Readonly<Record<string, string>>) => {
    const lines = Object.entries(now).map(
      ([path, identity]) => `36 35 0:4 ${identity} ${path} rw shared:1 - nsfs nsfs rw`,
    );
    bed.host.files.over["/proc/self/mountinfo"] = `${lines.join("\n")}\n`;
    for (const path of Object.keys(now)) if (!path.startsWith(LOCKED)) bed.host.files.over[path] = "";
  };
  const setLinks = (now: Readonly<Record<string, string>>) => {
    for (const path of Object.keys(bed.host.files.links)) delete bed.host.files.links[path];
    Object.assign(bed.host.files.links, { "/proc/self/ns/net": OWN, "/proc/1/ns/net": OWN }, now);
  };
  setMounts(mounts);
  setLinks(links);
  void bed.running.start();
  open.push(bed);
  return { ...bed, setMounts, setLinks };
}

export const WEB = "/run/docker/netns/web";
export const web = (bed: ReturnType<typeof started>, path = WEB, rtt = 7) => {
  bed.kernel.namespaces[path] = { addresses: [{ index: 2, bytes: CONTAINER }], peers: [VETH] };
  bed.kernel.connections.push({
    ...{ local: CONTAINER, localPort: 1000, remote: PEER, remotePort: 443, namespace: path },
    info: { tcpi_rtt: rtt },
  });
};
/** Returns the paths of namespaces with an open netlink socket. */
export const entered = ({ host }: ReturnType<typeof started>) =>
  host.sockets.open.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace]));
