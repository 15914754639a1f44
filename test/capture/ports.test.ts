// Input and output port of a packet: by the kernel's packet type, by MAC if the type is unknown, and at a bridge.

import { describe, expect, it } from "vitest";
import { interfacesByMac, PortResolver } from "../../agent/capture/ports.ts";
import { INTERNAL } from "../../agent/sflow/port.ts";
import { adaptor, FakeInterfaces, mac } from "../fakes/interfaces.ts";

const HOST = 0;
const OTHERHOST = 3;
const OUTGOING = 4;
const UNKNOWN = 0xff;
const stranger = "0a:00:00:00:00:01";

const table = new FakeInterfaces(
  adaptor(2, "eth0"),
  adaptor(3, "eth1", { mac: mac("02:00:00:00:00:05") }),
  adaptor(5, "br0", { kind: "bridge" }),
  adaptor(6, "vnet0", { mac: mac("fe:54:00:00:00:06") }),
  adaptor(7, "tun0", { mac: new Uint8Array(0) }),
);
const byMac = interfacesByMac(table);

function resolve(index: number, packetType: number, destination = stranger, source = stranger) {
  const resolver = new PortResolver(table.byIndex(index) ?? adaptor(index, "?"), () => byMac);
  resolver.resolve(packetType, new Uint8Array([...mac(destination), ...mac(source)]), index === 7 ? -1 : 0);
  return [resolver.ports.input, resolver.ports.output, resolver.ports.direction];
}

describe("at an interface of a host", () => {
  it("a received packet has the interface as input and the host as output, a sent packet the reverse", () => {
    for (const type of [HOST, 1, 2]) expect(resolve(2, type)).toEqual([2, INTERNAL, 1]);
    expect(resolve(2, OUTGOING)).toEqual([INTERNAL, 2, 2]);
  });

  it("a packet that is passed on has the interface of its arrival as input", () => {
    const resolver = new PortResolver(adaptor(2, "eth0"), () => byMac);
    resolver.resolve(OUTGOING, new Uint8Array(12), 0, 3);
    expect(resolver.ports).toEqual({ input: 3, output: 2, direction: 2 });
  });

  it("a packet for another station has an unknown output", () => {
    expect(resolve(2, OTHERHOST)).toEqual([2, 0, 1]);
  });

  it("the packet type is enough if the interface has no MAC", () => {
    expect(resolve(7, OUTGOING)).toEqual([INTERNAL, 7, 2]);
    expect(resolve(7, HOST)).toEqual([7, INTERNAL, 1]);
  });

  it("MACs of other interfaces change nothing", () => {
    expect(resolve(2, HOST, "02:00:00:00:00:02", "fe:54:00:00:00:06")).toEqual([2, INTERNAL, 1]);
  });
});

describe("if the engine does not know the packet type", () => {
  it("the direction follows from the MAC addresses", () => {
    expect(resolve(2, UNKNOWN, stranger, "02:00:00:00:00:02")).toEqual([INTERNAL, 2, 2]);
    expect(resolve(2, UNKNOWN, "02:00:00:00:00:02")).toEqual([2, INTERNAL, 1]);
    expect(resolve(2, UNKNOWN, "ff:ff:ff:ff:ff:ff")).toEqual([2, INTERNAL, 1]);
    expect(resolve(2, UNKNOWN)).toEqual([2, 0, 1]);
  });

  it("everything is unknown without addresses", () => expect(resolve(7, UNKNOWN)).toEqual([0, 0, 0]));
});

describe("at a bridge", () => {
  it("the port that has the MAC is input or output", () => {
    expect(resolve(5, OUTGOING, "fe:54:00:00:00:06")).toEqual([INTERNAL, 6, 2]);
    expect(resolve(5, HOST, stranger, "fe:54:00:00:00:06")).toEqual([6, INTERNAL, 1]);
  });

  it("the bridge itself is input or output if no interface has the MAC, or two have it", () => {
    expect(resolve(5, OUTGOING)).toEqual([INTERNAL, 5, 2]);
    expect(resolve(5, HOST, "02:00:00:00:00:05", "02:00:00:00:00:05")).toEqual([5, INTERNAL, 1]);
  });

  it("a frame between two ports has both ports", () => {
    expect(resolve(5, OTHERHOST, "02:00:00:00:00:02", "fe:54:00:00:00:06")).toEqual([6, 2, 1]);
    expect(resolve(5, OTHERHOST)).toEqual([0, 0, 1]);
  });
});
