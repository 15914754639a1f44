// The search for network namespaces: where they are found, and how often it runs.

import { afterEach, expect, it } from "vitest";
import { plugged } from "../modules/tcp/bed.ts";
import {
  CONTAINER,
  DOCKER0,
  endAll,
  entered,
  fromContainer,
  LOCKED,
  SENT,
  started,
  VETH,
  WEB,
  web,
} from "../modules/tcp/container-bed.ts";

afterEach(endAll);

it("finds a namespace by its mount, and looks up connections seen at the bridge and the veth inside", () => {
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

it("finds a namespace by a process where it has no mount", () => {
  const path = "/proc/77/ns/net";
  const bed = started({}, { [path]: "net:[7]", "/proc/78/ns/net": "net:[7]" });
  web(bed, path);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken()[0]?.rtt).toBe(7);
  // The process ends; another one in the same namespace goes on.
  bed.setLinks({ "/proc/78/ns/net": "net:[7]" });
  bed.host.clock.advance(2);
  expect(entered(bed)).toEqual([path]);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken()[0]?.rtt).toBe(7);
});

it("enters a namespace with a forbidden mount by a process, and not at all where none is left", () => {
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

it("finds a later namespace when its interface comes", () => {
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

it("finds a namespace whose processes start after its interface came, without a packet, and then stops", () => {
  const bed = started({});
  bed.host.clock.advance(20);
  bed.interfaces.put(plugged(VETH, "veth1", [], { master: DOCKER0, linkNamespace: 3 }));
  bed.host.clock.advance(0.2);
  bed.setLinks({ "/proc/77/ns/net": "net:[7]" });
  web(bed, "/proc/77/ns/net");
  bed.host.clock.advance(0.4);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([7]);
  bed.setLinks({});
  bed.interfaces.put(plugged(VETH, "veth1", [], { master: DOCKER0, linkNamespace: 4 }));
  bed.host.clock.advance(20);
  const before = bed.host.files.reads.length;
  bed.host.clock.advance(600);
  expect(bed.host.files.reads.length - before).toBe(0);
});

it("finds another process of a namespace when the first one is gone", () => {
  const bed = started({}, { "/proc/77/ns/net": "net:[7]", "/proc/78/ns/net": "net:[7]" });
  web(bed, "/proc/77/ns/net");
  bed.host.clock.advance(20);
  // The pid is reused by a process in another namespace with the same address.
  bed.setLinks({ "/proc/77/ns/net": "net:[8]", "/proc/78/ns/net": "net:[7]" });
  bed.kernel.namespaces["/proc/78/ns/net"] = { addresses: [{ index: 2, bytes: CONTAINER }], peers: [VETH] };
  bed.kernel.namespaces["/proc/77/ns/net"] = { addresses: [{ index: 2, bytes: CONTAINER }], peers: [] };
  for (const connection of [...bed.kernel.connections]) {
    bed.kernel.connections.push({ ...connection, namespace: "/proc/78/ns/net", info: { tcpi_rtt: 8 } });
  }
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.host.clock.advance(0.2);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([undefined, 8]);
  expect(entered(bed)).toEqual(["/proc/78/ns/net"]);
});

it("reads a namespace again when a packet with a new address is seen", () => {
  const bed = started({ [WEB]: "net:[7]" });
  bed.kernel.namespaces[WEB] = { addresses: [], peers: [VETH] };
  bed.host.clock.advance(1);
  web(bed);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  bed.host.clock.advance(0.2);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken().map((record) => record?.rtt)).toEqual([undefined, 7]);
});

it("searches ever more rarely while packets with unknown ends pass", () => {
  const bed = started({});
  bed.host.clock.advance(1);
  const before = bed.host.files.reads.length;
  for (let second = 0; second < 600; second++) {
    bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
    bed.host.clock.advance(1);
  }
  expect(bed.host.files.reads.length - before).toBeLessThan(20);
});
