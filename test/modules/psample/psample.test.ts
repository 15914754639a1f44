// The samples of psample { }, received from a fake kernel.

import { describe, expect, it } from "vitest";
import type { PsampleConfig } from "../../../agent/modules/psample/config.ts";
import { makeAttribute } from "../../../agent/netlink/attribute.ts";
import { adaptor, FakeInterfaces } from "../../fakes/interfaces.ts";
import { frame, genericMessage, type Sample, sampleAttributes } from "../../netlink/psample-message.ts";
import { started } from "./bed.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const ipv4 = Uint8Array.of(0x45, 0, 0, 20, ...new Array<number>(16).fill(1));

const table = () =>
  new FakeInterfaces(
    adaptor(2, "eth0"),
    adaptor(3, "eth1"),
    adaptor(4, "tun0", { kind: "tun", hardwareType: 65_534 }),
    adaptor(5, "ib0", { hardwareType: 32 }),
  );

async function begun(config: Partial<PsampleConfig> = {}, options: { loaded?: boolean } = {}) {
  const bed = started(table(), config, options);
  await bed.running.start();
  const counters = () => bed.running.counters?.() ?? {};
  const report = () => bed.running.report?.() ?? {};
  return { ...bed, counters, report };
}

/** Returns the samples that result from these messages. */
async function samplesOf(samples: readonly Sample[], config: Partial<PsampleConfig> = {}) {
  const bed = await begun(config);
  bed.kernel.send(...samples.map((sample, sequence) => ({ sequence, ...sample })));
  return { ...bed, packets: bed.written.flatMap(({ packets }) => packets) };
}

describe("a sample of a received packet", () => {
  it("belongs to its input interface, with length, time and rate as reported by the kernel", async () => {
    const timestamp = 1_893_456_000_123_456_789n;
    const { written } = await samplesOf([{ input: 2, output: 3, rate: 1000, originalLength: 1514, timestamp }]);
    expect(written).toEqual([
      {
        ...{ source: "0:2", rate: 1000, drops: 0 },
        packets: [
          {
            ...{ header: hex(frame), protocol: 1, frameLength: 1518, stripped: 4, ports: [2, 3], direction: 1 },
            ...{ time: [1_893_456_000, 123_456_789], records: [] },
          },
        ],
      },
    ]);
  });

  it("has an unknown output if the kernel reports none", async () => {
    const { packets } = await samplesOf([{ input: 2 }]);
    expect(packets).toMatchObject([{ ports: [2, 0] }]);
  });

  it("is cut to header=, and never longer than the packet was", async () => {
    const { packets } = await samplesOf([
      { input: 2, data: new Uint8Array(9000).fill(7), originalLength: 9000 },
      { input: 2, data: frame, originalLength: 20 },
      { input: 2, data: frame.subarray(0, 8), originalLength: 1514 },
    ]);
    expect(packets.map(({ header, frameLength }) => [header.length / 2, frameLength])).toEqual([
      [128, 9004],
      [20, 24],
      [8, 1518],
    ]);
  });

  it("of an interface without a link layer is IP, and left out if it is not", async () => {
    const { packets, counters } = await samplesOf([
      { input: 4, data: ipv4, originalLength: 20, protocol: 0x0800 },
      { input: 4, data: Uint8Array.of(0x60, 0), originalLength: 40 },
      { input: 4, data: ipv4, originalLength: 20, protocol: 0x8847 },
    ]);
    expect(packets.map(({ protocol, frameLength, stripped }) => [protocol, frameLength, stripped])).toEqual([
      [11, 24, 4],
      [12, 44, 4],
    ]);
    expect(counters()).toMatchObject({ packets: 2, notIp: 1 });
  });

  it("of InfiniBand has protocol 18, and six octets of check sums in its length", async () => {
    const { packets } = await samplesOf([{ input: 5, originalLength: 2048 }]);
    expect(packets).toMatchObject([{ protocol: 18, frameLength: 2054, stripped: 6 }]);
  });

  it("of each rate is in a batch of that rate", async () => {
    const { written } = await samplesOf([
      { input: 2, rate: 10 },
      { input: 2, rate: 0xffff_ffff, probability: true },
      { input: 3, rate: 10 },
    ]);
    expect(written.map(({ source, rate }) => [source, rate])).toEqual([
      ["0:2", 10],
      ["0:2", 1],
      ["0:3", 10],
    ]);
  });
});

describe("a sample of a sent packet", () => {
  it("belongs to its output interface if egress is on", async () => {
    const samples = [{ input: 3, output: 2, group: 8 }];
    const { written } = await samplesOf(samples, { group: 7, egress: true });
    expect(written).toMatchObject([{ source: "0:2", packets: [{ ports: [3, 2], direction: 2 }] }]);
    const { counters } = await samplesOf(samples, { group: 7 });
    expect(counters()).toMatchObject({ packets: 0, otherGroups: 1 });
  });

  it("is accepted without samples of received packets if ingress is off", async () => {
    const samples = [
      { output: 2, group: 2 },
      { input: 2, group: 1 },
    ];
    const { written, counters } = await samplesOf(samples, { ingress: false, egress: true });
    expect(written).toMatchObject([{ source: "0:2", packets: [{ ports: [0, 2] }] }]);
    expect(counters()).toMatchObject({ packets: 1, otherGroups: 1 });
  });
});

describe("the facts of a switch about a packet", () => {
  it("include its queue, the depth of the queue, and the delay of the packet", async () => {
    const { packets } = await samplesOf([{ input: 2, output: 3, queue: 5, queueDepth: 90_000n, latency: 1500n }]);
    expect(packets[0]?.records).toEqual([
      ["extended_egress_queue", { queue: 5 }],
      ["extended_queue", { depth: 90_000 }],
      ["extended_transit", { delay: 1500 }],
    ]);
  });

  it("do not include a depth without a queue", async () => {
    const { packets } = await samplesOf([{ input: 2, queueDepth: 1n, latency: 0n }]);
    expect(packets[0]?.records).toEqual([["extended_transit", { delay: 0 }]]);
  });

  it.each([
    ["ingress", { input: 2 }],
    ["egress", { output: 2, group: 2 }],
  ])("include the tunnel of a packet at its %s", async (side, where) => {
    const tunnel = [
      makeAttribute(0, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 42)),
      makeAttribute(1, Uint8Array.of(10, 0, 0, 1)),
      makeAttribute(2, Uint8Array.of(10, 0, 0, 2)),
      makeAttribute(3, Uint8Array.of(8)),
      makeAttribute(9, Uint8Array.of(0xc0, 0)),
      makeAttribute(10, Uint8Array.of(0x12, 0xb5)),
    ];
    const { packets } = await samplesOf([{ ...where, tunnel }], { egress: true });
    const addresses = { src_ip: Uint8Array.of(10, 0, 0, 1), dst_ip: Uint8Array.of(10, 0, 0, 2) };
    const ports = { src_port: 49_152, dst_port: 4789 };
    expect(packets[0]?.records).toEqual([
      [`extended_ipv4_tunnel_${side}`, { length: 0, protocol: 17, ...addresses, ...ports, tcp_flags: 0, tos: 8 }],
      [`extended_vni_${side}`, { vni: 42 }],
    ]);
  });

  it("include a tunnel over IPv6", async () => {
    const address = Uint8Array.from({ length: 16 }, (_, i) => i);
    const { packets } = await samplesOf([{ input: 2, tunnel: [makeAttribute(13, address)] }]);
    expect(packets[0]?.records).toMatchObject([
      ["extended_ipv6_tunnel_ingress", { src_ip: new Uint8Array(16), dst_ip: address, protocol: 0 }],
    ]);
  });
});

describe("samples that are missing", () => {
  it("are counted as drops for the source and rate of the next sample", async () => {
    const { written, counters, report } = await samplesOf([
      { input: 2, sequence: 100, rate: 10 },
      { input: 3, sequence: 104, rate: 20 },
      { input: 2, sequence: 105, rate: 10 },
    ]);
    expect(written.map(({ source, rate, drops }) => [source, rate, drops])).toEqual([
      ["0:2", 10, 0],
      ["0:3", 20, 3],
    ]);
    expect(counters()).toMatchObject({ packets: 3, drops: 3, outOfOrder: 0 });
    expect(report().taps).toMatchObject([
      { interface: "eth0", state: "sampled", rate: 10, engine: "psample", packets: 2, drops: 0 },
      { interface: "eth1", state: "sampled", rate: 20, packets: 1, drops: 3 },
    ]);
    expect(report().tables).toMatchObject([
      {
        rows: [
          ["1", "eth0", 10, 2, 0],
          ["1", "eth1", 20, 1, 3],
        ],
      },
    ]);
  });

  it("are counted in each group separately", async () => {
    const samples = [
      { input: 2, sequence: 5 },
      { output: 3, group: 2, sequence: 900 },
      { input: 2, sequence: 7 },
      { output: 3, group: 2, sequence: 904 },
    ];
    const { written } = await samplesOf(samples, { egress: true });
    expect(written.map(({ source, drops }) => [source, drops])).toEqual([
      ["0:2", 1],
      ["0:3", 3],
    ]);
  });

  it("are counted once if samples arrive in another order, and not if the sequence restarts", async () => {
    const numbers = [5, 7, 6, 8, 0xf000_0000, 0xffff_ffff, 0, 1, 0x8000_0000, 3];
    const { counters } = await samplesOf(numbers.map((sequence) => ({ input: 2, sequence })));
    expect(counters()).toMatchObject({ drops: 1, outOfOrder: 1, packets: 10 });
  });

  it("are reported with the next usable sample", async () => {
    const { written, counters } = await samplesOf([
      { input: 2, sequence: 0 },
      { input: 99, sequence: 5 },
      { input: 2, sequence: 6 },
    ]);
    expect(written).toMatchObject([{ source: "0:2", drops: 4 }]);
    expect(counters()).toMatchObject({ packets: 2, drops: 4, unknownInterface: 1 });
  });

  it("are detected after the receive buffer was full, which is counted too", async () => {
    const { kernel, counters } = await samplesOf([{ input: 2, sequence: 0 }]);
    kernel.host.sockets.fail("receive", "ENOBUFS");
    kernel.send({ input: 2, sequence: 50 });
    expect(counters()).toMatchObject({ overruns: 1, drops: 49, packets: 2 });
  });
});

it("damaged samples are counted, and messages of other kinds ignored", async () => {
  const { kernel, counters, written } = await begun();
  kernel.sendBytes(
    genericMessage(0, ...sampleAttributes({ input: 2 }).slice(0, 4)),
    genericMessage(2, ...sampleAttributes({ input: 2 })),
    Uint8Array.of(1, 2, 3),
  );
  expect(written).toEqual([]);
  expect(counters()).toMatchObject({ packets: 0, malformed: 1 });
});
