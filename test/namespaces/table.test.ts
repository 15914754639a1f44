// Namespaces that go, move and are refused, and the sockets that the agent has in them.

import { afterEach, expect, it } from "vitest";
import { HOST_ADDRESS, plugged } from "../modules/tcp/bed.ts";
import {
  DOCKER0,
  endAll,
  entered,
  fromContainer,
  PEER,
  RECEIVED,
  started,
  VETH,
  WEB,
  web,
} from "../modules/tcp/container-bed.ts";
import { ethernet, hex, ipv4, tcp } from "../packet/frames.ts";

afterEach(endAll);

it("closes the socket of a namespace within a second of its end", () => {
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

it("distinguishes a namespace from an earlier one of the same name", () => {
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

it("does not answer for a namespace from the cache of an earlier one in its place", () => {
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

it("closes a socket that was not used for a minute", () => {
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

it("logs once that namespaces cannot be entered, while samples go on", () => {
  const bed = started({ [WEB]: "net:[7]", "/run/netns/b": "net:[8]" });
  bed.host.sockets.fail("socket", "EPERM", 2);
  bed.host.clock.advance(1);
  bed.write([fromContainer(1000)], { interfaceIndex: DOCKER0 });
  expect(bed.taken()).toEqual([undefined]);
  expect(bed.said).toHaveLength(1);
  expect(bed.said[0]).toContain("CAP_SYS_ADMIN");
});

it("shares 256 sockets among 300 namespaces", () => {
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
