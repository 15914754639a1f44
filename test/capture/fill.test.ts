// Fills flow batches from captured packets. Tests every field of a sampled header, for each link type.

import { describe, expect, it } from "vitest";
import { fill } from "../../agent/capture/fill.ts";
import { PortResolver } from "../../agent/capture/ports.ts";
import { makeBatch } from "../../agent/flow/batch.ts";
import type { FlowBatch } from "../../agent/flow/flows.ts";
import type { Sampler } from "../../agent/sflow/agent.ts";
import { interfaceSource } from "../../agent/sflow/data-source.ts";
import { INTERNAL } from "../../agent/sflow/port.ts";
import { adaptor } from "../fakes/interfaces.ts";
import { captured, type Given } from "../modules/pcap/captured.ts";
import { ethernet, hex, ipv4, ipv6, tcp } from "../packet/frames.ts";

const sampler: Sampler = { source: interfaceSource(2), write: () => undefined };
const frame = hex(ethernet("0800"), ipv4("06"), tcp(1, 2));
const packet = frame.subarray(14);
const resolver = new PortResolver(adaptor(2, "eth0"), () => new Map());

function filled(given: Given[], headerBytes = 128, batch: FlowBatch = makeBatch(sampler)): FlowBatch {
  fill(batch, captured(given, 400, 3, Math.max(headerBytes, 14)), 0, headerBytes, resolver);
  return batch;
}

const header = (batch: FlowBatch, i: number): string =>
  Buffer.from(
    batch.bytes.subarray(batch.offset[i], (batch.offset[i] as number) + (batch.headerLength[i] as number)),
  ).toString("hex");
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function row(batch: FlowBatch, i: number) {
  const { headerProtocol, frameLength, stripped, headerLength, input, output, direction, seconds, nanoseconds } = batch;
  return {
    protocol: headerProtocol[i],
    frameLength: frameLength[i],
    stripped: stripped[i],
    headerLength: headerLength[i],
    ports: [input[i], output[i]],
    direction: direction[i],
    time: [seconds[i], nanoseconds[i]],
  };
}

describe("an Ethernet frame", () => {
  it("keeps its bytes, its length on the wire and its time", () => {
    const batch = filled([{ bytes: frame, seconds: 1_700_000_000, nanoseconds: 123_456_789 }]);
    expect(row(batch, 0)).toEqual({
      protocol: 1,
      frameLength: 54 + 4,
      stripped: 4,
      headerLength: 54,
      ports: [2, INTERNAL],
      direction: 1,
      time: [1_700_000_000, 123_456_789],
    });
    expect(header(batch, 0)).toBe(text(frame));
    expect(batch).toMatchObject({ count: 1, samplingRate: 400, drops: 3 });
  });

  it("is cut to the header's size, and keeps its frame length", () => {
    const batch = filled([{ bytes: frame, wire: 1514 }], 32);
    expect(row(batch, 0)).toMatchObject({ frameLength: 1518, headerLength: 32 });
    expect(header(batch, 0)).toBe(text(frame.subarray(0, 32)));
  });

  it("has an empty header if the configured size is 0", () => {
    expect(row(filled([{ bytes: frame, wire: 54 }], 0), 0)).toMatchObject({ headerLength: 0, frameLength: 58 });
  });

  it("has the VLAN tag that the kernel removed", () => {
    const batch = filled([
      { bytes: frame, vlan: { tci: 0x6064, tpid: 0x8100 } },
      { bytes: frame },
      { bytes: frame, vlan: { tci: 0x0007, tpid: 0x88a8 } },
    ]);
    expect(header(batch, 0)).toBe(`${text(frame.subarray(0, 12))}81006064${text(frame.subarray(12))}`);
    expect(header(batch, 1)).toBe(text(frame));
    expect(header(batch, 2)).toBe(`${text(frame.subarray(0, 12))}88a80007${text(frame.subarray(12))}`);
    expect(row(batch, 0)).toMatchObject({ frameLength: 54 + 4 + 4, stripped: 4, headerLength: 58 });
    expect(row(batch, 1)).toMatchObject({ frameLength: 54 + 4, headerLength: 54 });
  });

  it("with a VLAN tag stays within the header's size", () => {
    const batch = filled([{ bytes: frame, wire: 1514, vlan: { tci: 5, tpid: 0x8100 } }], 32);
    expect(row(batch, 0)).toMatchObject({ frameLength: 1522, headerLength: 32 });
    expect(header(batch, 0)).toBe(`${text(frame.subarray(0, 12))}81000005${text(frame.subarray(12, 28))}`);
  });

  it("on the loopback interface has its Ethernet header too", () => {
    const looped = frame.slice().fill(0, 0, 12);
    const batch = filled([{ bytes: looped, hardwareType: 772 }]);
    expect(row(batch, 0)).toMatchObject({ protocol: 1, frameLength: 58, ports: [2, INTERNAL] });
  });
});

describe("a packet without a link layer", () => {
  it("is IPv4 or IPv6, with four octets counted and stripped", () => {
    const six = hex(ipv6("06"), tcp(1, 2));
    const batch = filled([
      { bytes: packet, hardwareType: 65534 },
      { bytes: six, hardwareType: 776, protocol: 0x86dd },
      { bytes: packet, hardwareType: 512, protocol: 0x0800, packetType: 4 },
    ]);
    expect(row(batch, 0)).toMatchObject({ protocol: 11, frameLength: 44, stripped: 4, headerLength: 40 });
    expect(row(batch, 1)).toMatchObject({ protocol: 12, frameLength: 64, stripped: 4 });
    expect(row(batch, 2)).toMatchObject({ protocol: 11, ports: [INTERNAL, 2], direction: 2 });
    expect(header(batch, 0)).toBe(text(packet));
  });

  it("is left out if it is not IP", () => {
    const batch = makeBatch(sampler);
    const given = captured([
      { bytes: hex("0001"), hardwareType: 65534 },
      { bytes: packet, hardwareType: 65534 },
      { bytes: new Uint8Array(0), hardwareType: 65534 },
      { bytes: hex("4500"), hardwareType: 778, protocol: 0x8847 },
    ]);
    expect(fill(batch, given, 0, 128, resolver)).toBe(4);
    expect(batch.count).toBe(1);
    expect(row(batch, 0).protocol).toBe(11);
  });
});

describe("many packets", () => {
  it("fill as many batches as they need, and their drops are counted once", () => {
    const given = captured(
      Array.from({ length: 300 }, (_, i) => ({ bytes: frame, seconds: i })),
      1,
      9,
    );
    const [first, second] = [makeBatch(sampler), makeBatch(sampler)];
    expect(fill(first, given, 0, 128, resolver)).toBe(256);
    expect(fill(second, given, 256, 128, resolver)).toBe(44);
    expect([first.count, first.drops, second.count, second.drops]).toEqual([256, 9, 44, 0]);
    expect(second.seconds[0]).toBe(256);
    expect(header(second, 43)).toBe(text(frame));
  });

  it("leave nothing behind in a batch that is used again", () => {
    const batch = makeBatch(sampler);
    const tagged = Array.from({ length: 256 }, (_, i) => ({ bytes: frame, vlan: { tci: i, tpid: 0x8100 } }));
    filled(tagged, 128, batch);
    filled([{ bytes: frame }, ...tagged.slice(0, 20)], 128, batch);
    expect(header(batch, 0)).toBe(text(frame));
    expect(header(batch, 20)).toBe(`${text(frame.subarray(0, 12))}81000013${text(frame.subarray(12))}`);
  });
});
