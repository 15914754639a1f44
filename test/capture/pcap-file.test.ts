// Capture files in every format that can be replayed, and the errors for other formats.

import { describe, expect, it } from "vitest";
import { PcapFile } from "../../agent/capture/pcap-file.ts";
import { hex } from "../packet/frames.ts";
import { pcapBytes } from "./pcap-bytes.ts";

const frame = hex("020000000002020000000001", "0800", "45000014");
const packet = hex("45000014");

function all(bytes: Uint8Array) {
  const file = new PcapFile(bytes);
  const packets = [];
  while (file.next()) {
    const { at, captured, bytes: whole, ...rest } = file.packet;
    packets.push({ ...rest, text: Buffer.from(whole.subarray(at, at + captured)).toString("hex") });
  }
  return packets;
}

describe("a capture file", () => {
  it.each([
    [true, false],
    [false, false],
    [true, true],
    [false, true],
  ])("is read, little-endian %s, nanoseconds %s", (littleEndian, nanoseconds) => {
    const records = [{ bytes: frame, wire: 1514, seconds: 1_700_000_000, fraction: 123_456 }, { bytes: frame }];
    expect(all(pcapBytes(records, { littleEndian, nanoseconds }))).toMatchObject([
      {
        text: Buffer.from(frame).toString("hex"),
        wire: 1514,
        seconds: 1_700_000_000,
        nanoseconds: nanoseconds ? 123_456 : 123_456_000,
        hardwareType: 1,
        packetType: 0xff,
      },
      { wire: 18 },
    ]);
  });

  it("may have IP packets without a link layer", () => {
    for (const linkType of [12, 101, 228])
      expect(all(pcapBytes([{ bytes: packet }], { linkType }))).toMatchObject([
        { text: "45000014", wire: 4, hardwareType: 65534, protocol: 0 },
      ]);
  });

  it("may have cooked headers, from which the direction is read", () => {
    const sll = hex("0004", "0001", "0006", "0200000000010000", "0800", "45000014");
    expect(all(pcapBytes([{ bytes: sll, wire: 1016 }], { linkType: 113 }))).toMatchObject([
      { text: "45000014", wire: 1000, packetType: 4, protocol: 0x0800, hardwareType: 65534 },
    ]);
    const sll2 = hex("86dd", "0000", "00000002", "0001", "03", "06", "0200000000010000", "60000000");
    expect(all(pcapBytes([{ bytes: sll2 }], { linkType: 276 }))).toMatchObject([
      { text: "60000000", wire: 4, packetType: 3, protocol: 0x86dd },
    ]);
  });

  it("is read past records that are too short for their link type", () => {
    const records = [{ bytes: hex("0004") }, { bytes: hex("00".repeat(16), "45") }];
    expect(all(pcapBytes(records, { linkType: 113 })).length).toBe(1);
  });

  it("ends at a record that was cut off", () => {
    const whole = pcapBytes([{ bytes: frame }, { bytes: frame }]);
    for (let length = 24; length < whole.length; length++)
      expect(all(whole.slice(0, length)).length).toBe(length < 24 + 16 + frame.length ? 0 : 1);
  });

  it("is rejected with a remedy if it has another format", () => {
    expect(() => new PcapFile(hex("0a0d0d0a", "00".repeat(40)))).toThrow("editcap");
    expect(() => new PcapFile(hex("d4c3"))).toThrow("not a pcap file");
    expect(() => new PcapFile(pcapBytes([], { linkType: 127 }))).toThrow("link type 127 cannot be sampled");
  });
});
