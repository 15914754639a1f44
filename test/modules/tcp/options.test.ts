// The options tunnel and dump of tcp { }.

import { expect, it } from "vitest";
import { ethernet, hex, ipv4, ipv6, tcp, udp } from "../../packet/frames.ts";
import { HOST_ADDRESS, HOST_ADDRESS_6 } from "./bed.ts";
import { connection, PEER, PEER_6, SENT, sent, startedBeds } from "./packets.ts";

const { started } = startedBeds();

const inner = ipv4("06") + tcp(1000, 443);
const outer = ipv4("11").replace(HOST_ADDRESS + PEER, "0a0000010a000002");
const tunnelled = [
  hex(ethernet("0800"), outer, udp(5000, 4789), "0800000000000100", ethernet("0800"), inner),
  hex(ethernet("0800"), outer, udp(5000, 6081), "0000080000000100", inner),
  hex(ethernet("0800"), outer.replace("4011", "402f"), "00000800", inner),
  hex(ethernet("0800"), outer.replace("4011", "4004"), inner),
  hex(ethernet("86dd"), ipv6("29"), ipv6("06"), tcp(1000, 443)),
].map((frame) => ({ frame, direction: SENT }));

it("tunnel = on finds connections inside VXLAN, Geneve, GRE and IP in IP", () => {
  const bed = started({ tunnel: true });
  bed.kernel.connections.push(connection(1000), {
    ...{ local: HOST_ADDRESS_6, localPort: 1000, remote: PEER_6, remotePort: 443 },
  });
  bed.write(tunnelled);
  expect(bed.taken().map((record) => record?.dir)).toEqual([SENT, SENT, SENT, SENT, SENT]);
});

it("tunnel = off leaves tunnelled packets alone", () => {
  const bed = started();
  bed.kernel.connections.push(connection(1000));
  bed.write(tunnelled);
  expect(bed.taken()).toEqual(tunnelled.map(() => undefined));
});

it("dump = on finds connections in a list of all sockets, including IPv4 connections of IPv6 sockets", () => {
  const bed = started({ dump: true });
  bed.kernel.connections.push(
    connection(1, { info: { tcpi_rtt: 1 } }),
    connection(2, { mapped: true, info: { tcpi_rtt: 2 } }),
    { local: HOST_ADDRESS_6, localPort: 3, remote: PEER_6, remotePort: 443, info: { tcpi_rtt: 3 } },
    connection(5),
  );
  const six = { frame: hex(ethernet("86dd"), ipv6("06"), tcp(3, 443)), direction: SENT };
  bed.write([sent(1), sent(2), six, sent(4)]);
  expect(bed.taken().map((record) => record?.rtt)).toEqual([1, 2, 3, undefined]);
  expect(bed.kernel.questions).toBe(0);
  expect(bed.counters()).toMatchObject({ lookups: 4, hits: 3, notFound: 1 });
});
