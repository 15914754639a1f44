// Messages of the psample channel: all attributes of the kernel, and damaged messages. See linux/psample.h.

import { describe, expect, it } from "vitest";
import { makeAttribute, makeUint32 } from "../../agent/netlink/attribute.ts";
import { readMessages } from "../../agent/netlink/message.ts";
import { PSAMPLE_MESSAGE_BYTES, PsampleReader } from "../../agent/netlink/psample.ts";
import { seededRandom } from "../seeded-random.ts";
import { bytesOfCapture } from "./capture.ts";
import { frame, genericMessage, sampleAttributes, sampleMessage, uint16, uint64 } from "./psample-message.ts";

function read(bytes: Uint8Array, reader = new PsampleReader()): PsampleReader {
  const [message] = readMessages(bytes);
  if (message === undefined) throw new Error("no message");
  expect(reader.read(message)).toBe(true);
  return reader;
}

const network = (value: number): Uint8Array => Uint8Array.of(value >> 8, value);

describe("a sample", () => {
  it("has its interfaces, group, number, rate, length and packet", () => {
    const bytes = sampleMessage({ input: 3, output: 7, group: 2, sequence: 9, rate: 1000, originalLength: 9014 });
    const reader = read(bytes);
    expect(reader).toMatchObject({
      ...{ input: 3, output: 7, group: 2, sequence: 9, samplingRate: 1000, originalLength: 9014, complete: true },
      ...{ dataLength: 60, protocol: 0, queue: -1, queueDepth: -1, latency: -1, seconds: 0, tunnel: undefined },
    });
    expect(bytes.subarray(reader.dataAt, reader.dataAt + reader.dataLength)).toEqual(frame);
  });

  it("has queue, depth, delay, protocol and an exact time", () => {
    const reader = read(
      sampleMessage({
        ...{ queue: 5, queueDepth: 2n ** 40n, latency: 5_000_000_000n, protocol: 0x86dd },
        timestamp: 1_893_456_000_123_456_789n,
      }),
    );
    expect(reader).toMatchObject({ queue: 5, queueDepth: 2 ** 40, latency: 5e9, protocol: 0x86dd });
    expect([reader.seconds, reader.nanoseconds]).toEqual([1_893_456_000, 123_456_789]);
  });

  it.each([0n, 999_999_999n, 1_000_000_000n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n])(
    "has time %d exactly",
    (time) => {
      const { seconds, nanoseconds } = read(sampleMessage({ timestamp: time }));
      expect(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)).toBe(time);
    },
  );

  it("keeps nothing of the sample before it", () => {
    const all = { queue: 5, queueDepth: 1n, latency: 1n, timestamp: 10n ** 18n, protocol: 0x800, probability: true };
    const tunnel = [makeAttribute(1, Uint8Array.of(10, 0, 0, 1)), makeAttribute(2, Uint8Array.of(10, 0, 0, 2))];
    const reader = read(sampleMessage({ ...all, input: 3, output: 4, tunnel }));
    read(sampleMessage(), reader);
    expect(reader).toMatchObject({
      ...{ input: 0, output: 0, protocol: 0, queue: -1, queueDepth: -1, latency: -1, tunnel: undefined },
      ...{ seconds: 0, nanoseconds: 0, samplingRate: 100 },
    });
  });

  it("may have 32-bit interface numbers, attributes in any order, and some that are unknown", () => {
    const reader = read(
      genericMessage(
        0,
        makeAttribute(200, Uint8Array.of(1, 2, 3)),
        ...sampleAttributes({}).toReversed(),
        makeAttribute(15, Uint8Array.of(9, 9)),
        makeAttribute(0, makeUint32(100_000)),
      ),
    );
    expect(reader).toMatchObject({ input: 100_000, complete: true });
  });

  it("may be as long as a packet can be", () => {
    const data = new Uint8Array(65_531);
    const bytes = sampleMessage({ data, originalLength: 70_000, queueDepth: 1n, latency: 1n, timestamp: 1n });
    expect(bytes.length).toBeLessThanOrEqual(PSAMPLE_MESSAGE_BYTES);
    expect(read(bytes)).toMatchObject({ dataLength: 65_531, originalLength: 70_000 });
  });

  it.each([
    [0xffff_ffff, 1],
    [0x8000_0000, 2],
    [0x7fff_ffff, 2],
    [42_949_673, 100],
    [4_294_967, 1000],
    [0xe666_6666, 1],
    [1_717_986_918, 3],
    [1, 0xffff_ffff],
    [0, 0],
  ])("with the probability %i is 1-in-%i", (rate, samplingRate) => {
    expect(read(sampleMessage({ rate, probability: true })).samplingRate).toBe(samplingRate);
  });
});

describe("a tunnel", () => {
  const ports = [makeAttribute(9, network(49_152)), makeAttribute(10, network(4789))];

  it("of IPv4 has addresses, ports, type of service and identifier", () => {
    const { tunnel } = read(
      sampleMessage({
        tunnel: [
          makeAttribute(0, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 42)),
          makeAttribute(1, Uint8Array.of(10, 0, 0, 1)),
          makeAttribute(2, Uint8Array.of(10, 0, 0, 2)),
          makeAttribute(3, Uint8Array.of(8)),
          makeAttribute(4, Uint8Array.of(64)),
          makeAttribute(5, new Uint8Array(0)),
          ...ports,
        ],
      }),
    );
    expect(tunnel).toEqual({
      ...{ identifier: 42, typeOfService: 8, sourcePort: 49_152, destinationPort: 4789 },
      source: Uint8Array.of(10, 0, 0, 1),
      destination: Uint8Array.of(10, 0, 0, 2),
    });
  });

  it("of IPv6 has addresses of 16 bytes, and may have no identifier", () => {
    const address = Uint8Array.from({ length: 16 }, (_, i) => i);
    const { tunnel } = read(sampleMessage({ tunnel: [makeAttribute(12, address), makeAttribute(13, address)] }));
    expect(tunnel).toMatchObject({ identifier: undefined, source: address, destination: address, sourcePort: 0 });
  });

  it("is ignored if it has no address", () => {
    expect(read(sampleMessage({ tunnel: ports })).tunnel).toBeUndefined();
    expect(read(sampleMessage({ tunnel: [makeAttribute(1, Uint8Array.of(10, 0))] })).tunnel).toBeUndefined();
  });
});

describe("a message that is not a valid sample", () => {
  it.each([1, 2, 3])("is command %i", (command) => {
    const [message] = readMessages(genericMessage(command, ...sampleAttributes({})));
    expect(message && new PsampleReader().read(message)).toBe(false);
  });

  it("is a message too short for a command", () => {
    const message = { type: 0x1b, flags: 0, sequence: 0, view: new DataView(new ArrayBuffer(2)), start: 0, end: 2 };
    expect(new PsampleReader().read(message)).toBe(false);
  });

  it.each([
    ["group", 3],
    ["rate", 5],
    ["length", 2],
    ["packet", 6],
  ])("is incomplete without its %s", (_, type) => {
    const left = sampleAttributes({}).filter((bytes) => bytes[2] !== type);
    expect(read(genericMessage(0, ...left)).complete).toBe(false);
  });

  it("is incomplete with a rate or a length of 0, or a truncated value", () => {
    for (const broken of [{ rate: 0 }, { originalLength: 0 }, { data: new Uint8Array(0) }])
      expect(read(sampleMessage(broken)).complete).toBe(false);
    const cut = sampleAttributes({}).map((bytes) => (bytes[2] === 3 ? makeAttribute(3, uint16(1)) : bytes));
    expect(read(genericMessage(0, ...cut)).complete).toBe(false);
    expect(read(genericMessage(0, ...sampleAttributes({}), makeAttribute(12, uint64(7n).subarray(4)))).latency).toBe(
      -1,
    );
  });
});

/**
 * Linux 6.1 on veth0 (2), ipip1 (4) and vx0 (6): pings out and in, in groups 2 and 1; a long one; one cut to 8 octets;
 * an IP packet without a link layer; and two with the metadata of VXLAN.
 */
describe("captured samples", () => {
  const messages = readMessages(bytesOfCapture("psample"));
  const all = messages.map((message) => {
    const reader = new PsampleReader();
    expect(reader.read(message)).toBe(true);
    return reader;
  });

  it("have interfaces, groups, lengths and packets", () => {
    expect(
      all.map(({ input, output, group, samplingRate, originalLength, dataLength, protocol, complete }) => [
        ...[input, output, group, samplingRate, originalLength, dataLength, protocol],
        complete,
      ]),
    ).toEqual([
      [0, 2, 2, 1, 98, 98, 0x800, true],
      [2, 0, 1, 1, 98, 98, 0x800, true],
      [2, 0, 1, 1, 8942, 8942, 0x800, true],
      [2, 0, 1, 1, 98, 8, 0x800, true],
      [0, 4, 2, 1, 84, 84, 0x800, true],
      [0, 6, 2, 1, 98, 98, 0x800, true],
      [6, 0, 1, 1, 98, 98, 0x800, true],
    ]);
  });

  it("have times of one day, and no queue or latency, which only a switch reports", () => {
    for (const { seconds, nanoseconds, queue, queueDepth, latency } of all) {
      expect(new Date(seconds * 1000).toISOString().slice(0, 10)).toBe("2026-11-30");
      expect(nanoseconds).toBeLessThan(1e9);
      expect([queue, queueDepth, latency]).toEqual([-1, -1, -1]);
    }
  });

  it("have the tunnel that the packet goes into, or came out of", () => {
    const [near, far] = [Uint8Array.of(10, 9, 0, 1), Uint8Array.of(10, 9, 0, 2)];
    const [sent, received] = all.slice(5).map(({ tunnel }) => tunnel);
    expect(sent).toEqual({
      ...{ identifier: 42, source: near, destination: far },
      ...{ typeOfService: 8, sourcePort: 0, destinationPort: 4789 },
    });
    expect(received).toMatchObject({ identifier: 42, source: far, destination: near, destinationPort: 4789 });
    expect(received?.sourcePort).toBeGreaterThan(32_767);
    expect(all.slice(0, 5).map(({ tunnel }) => tunnel)).toEqual(new Array(5).fill(undefined));
  });
});

it("damaged samples are never read beyond their bytes", () => {
  const { below } = seededRandom(31);
  const tunnel = [makeAttribute(1, Uint8Array.of(10, 0, 0, 1)), makeAttribute(2, Uint8Array.of(10, 0, 0, 2))];
  const whole = sampleMessage({
    ...{ input: 3, output: 4, queue: 1, queueDepth: 9n, latency: 9n, timestamp: 9n },
    tunnel,
  });
  const reader = new PsampleReader();
  for (let round = 0; round < 20_000; round++) {
    const bytes = whole.slice(0, round % 3 === 0 ? below(whole.length) : whole.length);
    for (let flips = below(5); flips > 0 && bytes.length > 0; flips--)
      bytes[below(bytes.length)] = below(3) === 0 ? 0xff : below(256);
    for (const message of readMessages(bytes)) {
      if (!reader.read(message) || !reader.complete) continue;
      expect(reader.dataAt + reader.dataLength).toBeLessThanOrEqual(bytes.length);
    }
  }
});
