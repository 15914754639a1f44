// Decodes 802.11 frames: their addresses, and the packet in a data frame.

import { describe, expect, it } from "vitest";
import { wirelessAddresses } from "../../agent/packet/ieee80211.ts";
import type { Layers } from "../../agent/packet/layers.ts";
import { decodePacket, HeaderProtocol, makePacket } from "../../agent/packet/packet.ts";
import { hex, ipv4, tcp } from "./frames.ts";

function decode(bytes: Uint8Array): Layers {
  const packet = makePacket();
  decodePacket(packet, HeaderProtocol.ieee80211, bytes, 0, bytes.length);
  return packet.outer;
}

describe("an 802.11 frame", () => {
  const snap = "aaaa03000000" + "0800";
  const frame = (control: string, more = "") => `${control}0000${"0a".repeat(18)}0000${more}${snap}`;
  const of = (...parts: string[]) => decode(hex(...parts, ipv4("06"), tcp(40000, 80)));

  it.each([
    ["of data", frame("0801")],
    ["between access points", frame("0803", "0b".repeat(6))],
    ["with quality of service", frame("8802", "0000")],
    ["with a control field", frame("8881", "0000" + "00000000")],
  ])("%s has the packet that it carries", (_, header) => {
    expect(of(header)).toMatchObject({
      protocol: 6,
      sourcePort: 40000,
      destinationPort: 80,
      ieee80211: 0,
      frameType: 0x0800,
      ipVersion: 4,
    });
  });

  it.each([
    ["is encrypted", frame("0841")],
    ["has no data", frame("4801")],
    ["is a beacon", frame("8000")],
    ["aggregates packets", frame("8801", "8000")],
  ])("has only addresses if it %s", (_, header) => {
    expect(of(header)).toMatchObject({ ieee80211: 0, ipVersion: 0 });
  });

  it("has its payload in its first fragment only", () => {
    expect(of(`08010000${"0a".repeat(18)}0100${snap}`)).toMatchObject({ ieee80211: 0, ipVersion: 0 });
  });

  it("of control has nothing", () => {
    expect(of(frame("d400"))).toMatchObject({ ieee80211: -1, ipVersion: 0 });
  });

  it.each([
    ["00", { destination: 4, source: 10 }],
    ["01", { destination: 16, source: 10 }],
    ["02", { destination: 4, source: 16 }],
    ["03", { destination: 16, source: 24 }],
  ])("has source and destination by its direction %s", (flags, addresses) => {
    expect(wirelessAddresses(hex("08", flags), 0)).toEqual({ ...addresses, transmitter: 10, receiver: 4 });
  });
});
