// Capture files in every format, in pieces of every size, and what is said of damaged ones.

import { describe, expect, it } from "vitest";
import { captureReader } from "../../agent/capture/capture-file.ts";
import { enterLink } from "../../agent/capture/link-type.ts";
import { hex } from "../packet/frames.ts";
import { join } from "../sflow/build.ts";
import { pcapBytes } from "./pcap-bytes.ts";
import { pcapngBlocks } from "./pcapng-bytes.ts";

const frame = hex("020000000002020000000001", "0800", "45000014");
const packet = hex("45000014");
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Reads a file in pieces. Returns the packets that can be used, why the others cannot, and how it ends. */
function read(bytes: Uint8Array, size = bytes.length) {
  const reader = captureReader(bytes);
  if (reader === undefined) throw new Error("not a capture");
  const packets: (Record<string, unknown> & { readonly text: string })[] = [];
  const reasons: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    reader.push(bytes.slice(at, at + size));
    while (reader.next()) {
      const reason = enterLink(reader.packet, reader.packet.linkType);
      const { at: begin, captured, bytes: whole, ...rest } = reader.packet;
      if (reason !== undefined) reasons.push(reason);
      else packets.push({ ...rest, text: text(whole.subarray(begin, begin + captured)) });
    }
  }
  return { packets, reasons, missing: reader.missing() };
}

describe("a pcap file", () => {
  it.each([
    [true, false],
    [false, false],
    [true, true],
    [false, true],
  ])("is read, little-endian %s, nanoseconds %s", (littleEndian, nanoseconds) => {
    const records = [{ bytes: frame, wire: 1514, seconds: 1_700_000_000, fraction: 123_456 }, { bytes: frame }];
    expect(read(pcapBytes(records, { littleEndian, nanoseconds }))).toMatchObject({
      packets: [
        {
          text: text(frame),
          wire: 1514,
          seconds: 1_700_000_000,
          nanoseconds: nanoseconds ? 123_456 : 123_456_000,
          hardwareType: 1,
          packetType: 0xff,
        },
        { wire: 18 },
      ],
      missing: undefined,
    });
  });

  it.each([true, false])("is read with the longer headers of a modified libpcap, little-endian %s", (littleEndian) => {
    const records = [{ bytes: frame, fraction: 7 }, { bytes: frame }];
    expect(read(pcapBytes(records, { modified: true, littleEndian })).packets).toMatchObject([
      { text: text(frame), nanoseconds: 7000 },
      { text: text(frame) },
    ]);
  });

  it("is read without the frame check sequences that its header announces", () => {
    const bytes = pcapBytes([{ bytes: join(frame, hex("deadbeef")) }, { bytes: frame, wire: 1518 }]);
    new DataView(bytes.buffer).setUint32(20, 0x2400_0001, true);
    expect(read(bytes).packets).toMatchObject([
      { text: text(frame), wire: 18 },
      { text: text(frame), wire: 1514 },
    ]);
  });

  it("is the same in pieces of any size", () => {
    const bytes = pcapBytes([{ bytes: frame }, { bytes: packet }, { bytes: frame }]);
    for (let size = 1; size <= bytes.length; size++) expect(read(bytes, size)).toEqual(read(bytes));
  });

  it("says what it lacks if it ends in mid-packet, after the packets that are whole", () => {
    const whole = pcapBytes([{ bytes: frame }, { bytes: frame }]);
    expect(read(whole.slice(0, 20)).missing).toBe("the file header has 20 of 24 bytes");
    expect(read(whole.slice(0, 24))).toEqual({ packets: [], reasons: [], missing: undefined });
    expect(read(whole.slice(0, 30)).missing).toBe("packet 1 has 6 of 16 bytes of its header");
    const cut = read(whole.slice(0, -5));
    expect(cut.packets.length).toBe(1);
    expect(cut.missing).toBe("packet 2 has 13 of 18 bytes");
  });

  it("is damaged if a packet has an impossible length", () => {
    const bytes = pcapBytes([{ bytes: frame }, { bytes: frame }]);
    new DataView(bytes.buffer).setUint32(24 + 34 + 8, 1 << 30, true);
    expect(() => read(bytes)).toThrow("packet 2 at offset 58 has a length of 1073741824 bytes: the file is damaged");
  });

  it("is not recognized by other first bytes", () => {
    for (const bytes of [hex("d4c3"), hex("a1b2c3d5"), hex("00000005")]) expect(captureReader(bytes)).toBeUndefined();
  });
});

describe("a pcapng file", () => {
  it.each([true, false])("may have several sections, interfaces and kinds of packets, little-endian %s", (little) => {
    const ng = pcapngBlocks(little);
    const other = pcapngBlocks(!little);
    const bytes = join(
      ng.section(ng.option(4, hex("6162"))),
      ng.interface(1),
      ng.interface(101),
      ng.packet(frame, { high: 0x60a0a, low: 0x12345678, wire: 1514 }),
      ng.block(5, new Uint8Array(12)),
      ng.packet(packet, { from: 1 }),
      ng.oldPacket(packet, 1),
      ng.simplePacket(frame),
      ng.block(0xbad, new Uint8Array(400)),
      other.section(),
      other.cutting(1, 16),
      other.simplePacket(frame.slice(0, 16), 18),
    );
    const expected = {
      packets: [
        { text: text(frame), wire: 1514, hardwareType: 1 },
        { text: text(packet), hardwareType: 65534 },
        { text: text(packet), seconds: 0, nanoseconds: 5000 },
        { text: text(frame), seconds: 0, nanoseconds: 0 },
        { text: text(frame.slice(0, 16)), wire: 18 },
      ],
      missing: undefined,
    };
    expect(read(bytes)).toMatchObject(expected);
    for (let size = 1; size < 200; size++) expect(read(bytes, size)).toEqual(read(bytes));
  });

  it.each([
    ["microseconds", undefined, 1_700_000_000n * 1_000_000n + 123_456n, 123_456_000],
    ["milliseconds", 3, 1_700_000_000n * 1000n + 123n, 123_000_000],
    ["nanoseconds", 9, 1_700_000_000n * 1_000_000_000n + 123_456_789n, 123_456_789],
    ["2^-20 s", 0x94, (1_700_000_000n << 20n) + (1n << 19n), 500_000_000],
    ["seconds", 0, 1_700_000_000n, 0],
  ])("may count time in %s", (_, resolution, stamp, nanoseconds) => {
    const ng = pcapngBlocks();
    const options = resolution === undefined ? [] : [ng.option(9, Uint8Array.of(resolution)), ng.option(0, hex(""))];
    const [high, low] = [Number(stamp >> 32n), Number(stamp & 0xffff_ffffn)];
    const bytes = join(ng.section(), ng.interface(1, ...options), ng.packet(frame, { high, low }));
    expect(read(bytes).packets).toMatchObject([{ seconds: 1_700_000_000, nanoseconds }]);
  });

  it("may have an offset of its times and frame check sequences", () => {
    const ng = pcapngBlocks();
    const options = [ng.option(14, ng.u32(0xffff_ff9c, 0xffff_ffff)), ng.option(13, Uint8Array.of(4))];
    const stamped = ng.packet(join(frame, hex("deadbeef")), { low: 200_000_001 });
    const bytes = join(ng.section(), ng.interface(1, ...options), stamped);
    expect(read(bytes).packets).toMatchObject([{ text: text(frame), seconds: 100, nanoseconds: 1000, wire: 18 }]);
  });

  it("is refused in a version that has another format", () => {
    const bytes = pcapngBlocks().section();
    bytes[12] = 2;
    expect(() => read(bytes)).toThrow("pcapng of version 2, which has another format");
  });

  it("says what it lacks if it ends in mid-block", () => {
    const ng = pcapngBlocks();
    const bytes = join(ng.section(), ng.interface(1), ng.packet(frame), ng.packet(frame));
    const { packets, missing } = read(bytes.slice(0, -5));
    expect(packets.length).toBe(1);
    expect(missing).toBe("the block at offset 100, after packet 1, has only 47 bytes");
    const skipped = join(ng.section(), ng.block(0xbad, new Uint8Array(400)));
    expect(read(skipped.slice(0, -12)).missing).toBe("12 bytes of the last block are missing");
  });

  it.each([
    ["has a length of 8 bytes", (ng: ReturnType<typeof pcapngBlocks>) => ng.u32(6, 8, 8)],
    ["has a length of 33 bytes", (ng: ReturnType<typeof pcapngBlocks>) => ng.u32(6, 33, 0)],
    ["has a length of 1073741824 bytes", (ng: ReturnType<typeof pcapngBlocks>) => ng.u32(6, 1 << 30, 0)],
    ["has two different lengths", (ng: ReturnType<typeof pcapngBlocks>) => ng.u32(1, 20, 1, 0, 24)],
    [
      "is a packet of interface 7, which is not declared",
      (ng: ReturnType<typeof pcapngBlocks>) => ng.packet(frame, { from: 7 }),
    ],
    ["is a packet of 99 bytes", (ng: ReturnType<typeof pcapngBlocks>) => ng.block(6, ng.u32(0, 0, 0, 99, 99))],
    ["has no byte order", (ng: ReturnType<typeof pcapngBlocks>) => ng.block(0x0a0d0d0a, ng.u32(0, 0, 0, 0))],
  ])("is damaged if a block %s", (message, damaged) => {
    const ng = pcapngBlocks();
    expect(() => read(join(ng.section(), ng.interface(1), damaged(ng)))).toThrow(message);
  });
});
