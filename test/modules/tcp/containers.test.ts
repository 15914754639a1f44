// Containers: their connections are looked up in their own namespace, found when it comes and let go when it goes.

import { afterEach, expect, it } from "vitest";
import { ethernet, hex, ipv4, tcp } from "../../packet/frames.ts";
import { FakeInterfaces } from "../pcap/adaptors.ts";
import { HOST_ADDRESS, makeBed, plugged } from "./bed.ts";

const OWN = "net:[1]";
const RECEIVED = 1;
const SENT = 2;
const [DOCKER0, VETH] = [3, 4];
const CONTAINER = "ac110002";
const PEER = "c6336402";

/** 172.17.0.2:port -> 198.51.100.2:443, as it comes in from the container. */
const fromContainer = (port: number) => ({
  frame: hex(ethernet("0800"), ipv4("06").replace(HOST_ADDRESS, CONTAINER), tcp(port, 443)),
  direction: RECEIVED,
});

/** A folder that the agent may not look into. */
const LOCKED = "/run/locked/";

const open: ReturnType<typeof makeBed>[] = [];
afterEach(() => {
  for (const { running, host } of open.splice(0)) {
    void running.stop();
    expect(host.sockets.open).toEqual([]);
    expect(host.clock.timers).toBe(0);
  }
});

function started(mounts: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) {
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

const WEB = "/run/docker/netns/web";
const web = (bed: ReturnType<typeof started>, path = WEB, rtt = 7) => {
  bed.kernel.namespaces[path] = { addresses: [{ index: 2, bytes: CONTAINER }], peers: [VETH] };
  bed.kernel.connections.push({
    ...{ local: CONTAINER, localPort: 1000, remote: PEER, remotePort: 443, namespace: path },
    info: { tcpi_rtt: rtt },
  });
};
/** Namespaces that a netlink socket is open in. */
const entered = ({ host }: ReturnType<typeof started>) =>
  host.sockets.open.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace]));

it("are found by their mount, and their connections at the bridge and the veth looked up inside", () => {
  const bed = started({ [WEB]: "net:[7]" });
  web(bed);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.write([fromContainer(1000), fromContainer(1001)], { interfaceIndex: VETH });
  expect(bed.taken().map((record) => record && [record.dir, record.rtt])).toEqual([[SENT, 7], [SENT, 7], undefined]);
  expect(entered(bed)).toEqual([WEB]);
  expect(bed.counters()).toMatchObject({ lookups: 3, hits: 2, notFound: 1, sockets: 2 });
  expect(bed.running.report?.().lookups).toEqual([
    { namespace: "host", lookups: 0, hits: 0, notFound: 0, recalled: 0, errors: 0, deadline: 0 },
    { namespace: WEB, lookups: 3, hits: 2, notFound: 1, recalled: 0, errors: 0, deadline: 0 },
  ]);
});

it("are found by a process where no mount keeps them", () => {
  const path = "/proc/77/ns/net";
  const bed = started({}, { [path]: "net:[7]", "/proc/78/ns/net": "net:[7]" });
  web(bed, path);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken()[0]?.rtt).toBe(7);
  // The process ends, another one in the same namespace goes on.
  bed.setLinks({ "/proc/78/ns/net": "net:[7]" });
  bed.host.clock.advance(2);
  expect(entered(bed)).toEqual([path]);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken()[0]?.rtt).toBe(7);
});

it("whose mount may not be looked at are entered by a process, and not at all where none is left", () => {
  const mount = `${LOCKED}web`;
  const path = "/proc/77/ns/net";
  const bed = started({ [mount]: "net:[7]" }, { [path]: "net:[7]" });
  web(bed, path);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken()[0]?.rtt).toBe(7);
  expect(entered(bed)).toEqual([path]);
  bed.setLinks({});
  bed.host.clock.advance(2);
  expect(entered(bed)).toEqual([]);
  expect(bed.said).toEqual([]);
});

it("that come later are found when their interface comes", () => {
  const bed = started({});
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.setMounts({ [WEB]: "net:[7]" });
  web(bed);
  bed.interfaces.put(plugged(VETH, "veth1", [], { master: DOCKER0, linkNamespace: 3 }));
  bed.host.clock.advance(0.2);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([undefined, 7]);
});

it("whose address is new are looked into again when a packet of theirs is seen", () => {
  const bed = started({ [WEB]: "net:[7]" });
  bed.kernel.namespaces[WEB] = { addresses: [], peers: [VETH] };
  bed.host.clock.advance(1);
  web(bed);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.host.clock.advance(0.2);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([undefined, 7]);
});

it("are searched for ever more rarely while packets of unknown ends go through", () => {
  const bed = started({});
  bed.host.clock.advance(1);
  const before = bed.host.files.reads.length;
  for (let second = 0; second < 600; second++) {
    bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
    bed.host.clock.advance(1);
  }
  expect(bed.host.files.reads.length - before).toBeLessThan(20);
});

it("let go of their socket within a second of their end, whatever keeps the path", () => {
  const bed = started({ [WEB]: "net:[7]" });
  web(bed);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.setMounts({});
  bed.host.clock.advance(1.001);
  expect(entered(bed)).toEqual([]);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([7, undefined]);
  expect(bed.counters()).toMatchObject({ lookups: 1, hits: 1, sockets: 1 });
});

it("that take the name of another are another", () => {
  const bed = started({ [WEB]: "net:[7]" });
  web(bed);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  const [first] = bed.host.sockets.open.filter(({ namespace }) => namespace === WEB);
  bed.setMounts({ [WEB]: "net:[8]" });
  bed.host.clock.advance(1.2);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([7, 7]);
  expect(bed.host.sockets.open).not.toContain(first);
});

it("that come in another's place with its addresses are not told what was heard of it", () => {
  const bed = started({ [WEB]: "net:[7]" });
  web(bed);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.kernel.connections.pop();
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.setMounts({ [WEB]: "net:[8]" });
  bed.interfaces.put(plugged(VETH, "veth1", [], { master: DOCKER0, linkNamespace: 3 }));
  bed.host.clock.advance(0.11);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([7, 7, undefined]);
  expect(bed.counters()).toMatchObject({ lookups: 3, recalled: 1 });
});

it("that nobody talks to cost no socket after a minute", () => {
  const bed = started({ [WEB]: "net:[7]" });
  web(bed);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.host.clock.advance(59);
  expect(entered(bed)).toEqual([WEB]);
  bed.host.clock.advance(3);
  expect(entered(bed)).toEqual([]);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([7, 7]);
});

it("that may not be entered are said once, and their samples go on", () => {
  const bed = started({ [WEB]: "net:[7]", "/run/netns/b": "net:[8]" });
  bed.host.sockets.fail("socket", "EPERM", 2);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken()).toEqual([undefined]);
  expect(bed.said).toHaveLength(1);
  expect(bed.said[0]).toContain("CAP_SYS_ADMIN");
});

it("a tap inside one, or in a place unknown, finds their connections too", () => {
  const bed = started({ [WEB]: "net:[7]" });
  web(bed);
  const out = { ...fromContainer(1000), direction: SENT };
  bed.write([out], { interfaceIndex: 2, namespace: WEB });
  bed.write([out], { interfaceIndex: 2, namespace: "/run/netns/none" });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([7, 7]);
});

it("300 of them at a time take turns at 256 sockets", () => {
  const names = Array.from({ length: 300 }, (_, i) => `/run/netns/n${i}`);
  const bed = started(Object.fromEntries(names.map((path, i) => [path, `net:[${i + 10}]`])));
  for (const [i, path] of names.entries()) {
    const bytes = `0a01${i.toString(16).padStart(4, "0")}`;
    bed.kernel.namespaces[path] = { addresses: [{ index: 2, bytes }], peers: [VETH] };
    bed.kernel.connections.push({
      ...{ local: bytes, localPort: 1000, remote: PEER, remotePort: 443, namespace: path },
      info: { tcpi_rtt: i },
    });
  }
  bed.host.clock.advance(5);
  for (const [i] of names.entries()) {
    const frame = hex(ethernet("0800"), ipv4("06").replace(HOST_ADDRESS, `0a01${i.toString(16).padStart(4, "0")}`));
    const whole = Uint8Array.from([...frame, ...hex(tcp(1000, 443))]);
    bed.write([{ frame: whole, direction: RECEIVED }], { interfaceIndex: VETH });
    bed.host.clock.advance(0.001);
  }
  expect(bed.taken().map((record) => record?.rtt)).toEqual(names.map((_, i) => i));
  expect(entered(bed)).toHaveLength(255);
  expect(entered(bed)).toContain(names[299]);
});
