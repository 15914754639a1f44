// Decodes frames of every kind that the decoder knows, truncated frames, and random bytes.

import { describe, expect, it } from "vitest";
import type { Layers } from "../../agent/packet/layers.ts";
import { decodePacket, HeaderProtocol, makePacket, type Packet } from "../../agent/packet/packet.ts";
import { Tunnel } from "../../agent/packet/tunnel.ts";
import { seededRandom } from "../seeded-random.ts";
import { ethernet, hex, ipv4, ipv6, tag, tcp, udp } from "./frames.ts";

const TCP_80 = { protocol: 6, sourcePort: 40000, destinationPort: 80, tcpFlags: 0x18 };
const segment = tcp(40000, 80);
const vxlan = "08000000" + "00002a00";

/** Decodes a packet that has other bytes before and after it. */
function decode(bytes: Uint8Array, protocol: number = HeaderProtocol.ethernet): Packet {
  const shifted = new Uint8Array(bytes.length + 32).fill(0xaa);
  shifted.set(bytes, 16);
  const packet = makePacket();
  decodePacket(packet, protocol, shifted, 16, bytes.length);
  return packet;
}

describe("an Ethernet frame", () => {
  it("has offsets of addresses and ports of IPv4", () => {
    const { outer } = decode(hex(ethernet("0800"), ipv4("06"), segment));
    expect(outer).toMatchObject({ ...TCP_80, ethernet: 16, etherType: 0x0800, ip: 30, ipVersion: 4, source: 42 });
    expect(outer).toMatchObject({ destination: 46, transport: 50, payload: 70, tags: 0, vlanTci: -1 });
  });

  it("has offsets of addresses and ports of IPv6", () => {
    const { outer } = decode(hex(ethernet("86dd"), ipv6("06"), segment));
    expect(outer).toMatchObject({ ...TCP_80, ipVersion: 6, source: 38, destination: 54, transport: 70, payload: 90 });
  });

  it.each(["8100", "88a8", "9100", "9200", "9300"])("may have tags of type %s", (type) => {
    const { outer } = decode(hex(ethernet(type), "2064", "8100", "0005", "0800", ipv4("06"), segment));
    expect(outer).toMatchObject({ ...TCP_80, tags: 2, vlanTci: 0x2064, etherType: 0x0800, ip: 38 });
  });

  it("may be 802.3 with SNAP, or with IPv4 right after LLC", () => {
    expect(decode(hex(ethernet("0030"), "aaaa03000000", "0800", ipv4("06"), segment)).outer).toMatchObject(TCP_80);
    expect(decode(hex(ethernet("0030"), "060603", ipv4("06"), segment)).outer).toMatchObject(TCP_80);
    expect(decode(hex(ethernet("0030"), "424203", ipv4("06"))).outer).toMatchObject({ etherType: -1, ip: -1 });
    expect(decode(hex(ethernet("0030"), "aaaa0300000c2004")).outer).toMatchObject({ etherType: -1, ip: -1 });
    expect(decode(hex(ethernet("0030"), "aaaa0300000c2004")).outer.organisation).toBe(0x0c);
  });

  it("may be of a PPPoE session", () => {
    expect(decode(hex(ethernet("8864"), "110000010040", "0021", ipv4("06"), segment)).outer).toMatchObject(TCP_80);
    expect(decode(hex(ethernet("8864"), "110000010040", "0057", ipv6("06"), segment)).outer).toMatchObject(TCP_80);
    expect(decode(hex(ethernet("8864"), "110000010040", "c021", "0101")).outer.etherType).toBe(0x8864);
  });

  it.each(["8847", "8848"])("may have labels of MPLS, type %s", (type) => {
    const labels = "00064040" + "000c8040" + "00010140";
    const { outer } = decode(hex(ethernet(type), labels, ipv4("06"), segment));
    expect(outer).toMatchObject({ ...TCP_80, etherType: 0x0800, ip: 16 + 14 + 12 });
    const tagged = hex(ethernet("8100"), "0064", type, "00010140", ipv6("06"), segment);
    expect(decode(tagged).outer).toMatchObject({ ...TCP_80, etherType: 0x86dd, tags: 1, ipVersion: 6 });
    const wire = hex(ethernet(type), "00010140", "00000000", ethernet("0800"));
    expect(decode(wire).outer).toMatchObject({ etherType: 0x8847, ip: -1 });
    expect(decode(hex(ethernet(type), "00064040".repeat(9))).outer).toMatchObject({ etherType: 0x8847, ip: -1 });
  });

  it("has an EtherType of its own, before PPPoE and MPLS", () => {
    const pppoe = hex(ethernet("8864"), "110000010040", "0021", ipv4("06"), segment);
    expect(decode(pppoe).outer).toMatchObject({ frameType: 0x8864, etherType: 0x0800 });
    const tagged = hex(ethernet("8100"), "0064", "8847", "00064040", "00010140", ipv6("06"), segment);
    expect(decode(tagged).outer).toMatchObject({ frameType: 0x8847, etherType: 0x86dd, mpls: 16 + 18, labels: 2 });
    const snap = hex(ethernet("0030"), "aaaa03000000", "0800", ipv4("06"), segment);
    expect(decode(snap).outer).toMatchObject({ frameType: 0x0800, organisation: -1 });
  });

  it("of another EtherType has only that EtherType", () => {
    expect(decode(hex(ethernet("88cc"), "0207")).outer).toMatchObject({ etherType: 0x88cc, ip: -1, protocol: -1 });
  });
});

describe("an IP packet", () => {
  it("may come without a link layer", () => {
    expect(decode(hex(ipv4("11"), udp(5353, 53)), HeaderProtocol.ipv4).outer).toMatchObject({
      ethernet: -1,
      protocol: 17,
      sourcePort: 5353,
      destinationPort: 53,
    });
    expect(decode(hex(ipv6("06"), segment), HeaderProtocol.ipv6).outer).toMatchObject(TCP_80);
  });

  it("may have options in its header", () => {
    const { outer } = decode(hex(ethernet("0800"), ipv4("06", "4000", "0101010101010100"), segment));
    expect(outer).toMatchObject({ ...TCP_80, transport: 58 });
  });

  it("has ports in its first fragment only", () => {
    const first = decode(hex(ethernet("0800"), ipv4("06", "2000"), segment)).outer;
    expect(first).toMatchObject({ ...TCP_80, laterFragment: false });
    const later = decode(hex(ethernet("0800"), ipv4("06", "00b9"), segment)).outer;
    expect(later).toMatchObject({ protocol: 6, laterFragment: true, transport: -1, sourcePort: -1, tcpFlags: -1 });
    expect([first.fragment, later.fragment]).toEqual([30, 30]);
    expect(decode(hex(ethernet("0800"), ipv4("06", "4000"), segment)).outer.fragment).toBe(-1);
  });

  it("of IPv6 may have extension headers", () => {
    const hopByHop = "2b00050200000000";
    const routing = `33${"01"}0400${"00".repeat(12)}`;
    const authentication = `3c04${"00".repeat(22)}`;
    const options = "0600010400000000";
    const { outer } = decode(hex(ethernet("86dd"), ipv6("00"), hopByHop, routing, authentication, options, segment));
    expect(outer).toMatchObject({ ...TCP_80, transport: 16 + 54 + 8 + 16 + 24 + 8 });
    expect([...outer.extensions.subarray(0, outer.extensionCount)]).toEqual([0, 43, 51, 60]);
  });

  it("of IPv6 has ports in its first fragment only", () => {
    const first = decode(hex(ethernet("86dd"), ipv6("2c"), "0600000100000001", segment)).outer;
    expect(first).toMatchObject(TCP_80);
    const later = decode(hex(ethernet("86dd"), ipv6("2c"), "3c00040100000001", segment)).outer;
    expect(later).toMatchObject({ protocol: 60, laterFragment: true, sourcePort: -1 });
    expect([first.fragment, later.fragment]).toEqual([70, 70]);
    const whole = decode(hex(ethernet("86dd"), ipv6("2c"), "0600000000000001", segment)).outer;
    expect(whole).toMatchObject({ ...TCP_80, fragment: -1 });
  });

  it("of IPv6 may carry a mobility message, or something behind one", () => {
    const message = `3b0005000000${"00".repeat(2)}`;
    expect(decode(hex(ethernet("86dd"), ipv6("87"), message)).outer).toMatchObject({ protocol: 135, transport: 70 });
    const followed = decode(hex(ethernet("86dd"), ipv6("87"), message.replace("3b", "06"), segment)).outer;
    expect(followed).toMatchObject({ ...TCP_80, transport: 78 });
    expect(decode(hex(ethernet("86dd"), ipv6("87"))).outer).toMatchObject({ protocol: 135, transport: -1 });
    for (const [number, protocol] of [
      ["8b", 139],
      ["8c", 140],
    ] as const)
      expect(decode(hex(ethernet("86dd"), ipv6(number), message)).outer).toMatchObject({ protocol, extensionCount: 0 });
  });

  it("has an unknown protocol if it was truncated in its extension headers", () => {
    const { outer } = decode(hex(ethernet("86dd"), ipv6("00"), "2b000502"));
    expect(outer).toMatchObject({ ipVersion: 6, protocol: -1, transport: -1 });
  });

  it("may have an endless chain of extension headers", () => {
    expect(decode(hex(ethernet("86dd"), ipv6("3c"), "3c00010400000000".repeat(30))).outer.protocol).toBe(-1);
  });
});

describe("a tunnel", () => {
  const inner = ethernet("0800") + ipv4("06") + segment;

  it.each([4789, 8472])("is found in VXLAN on port %i", (port) => {
    const packet = decode(hex(ethernet("0800"), ipv4("11"), udp(50000, port), vxlan, inner));
    expect(packet.tunnel).toMatchObject({ tunnel: Tunnel.vxlan, identifier: 42, ethernet: true });
    expect(packet.outer).toMatchObject({ protocol: 17, destinationPort: port });
    expect(packet.inner).toMatchObject({ ...TCP_80, ipVersion: 4 });
  });

  it("may have IPv6 and tags inside", () => {
    const tagged = ethernet("8100") + tag("0064", "86dd") + ipv6("06") + segment;
    const packet = decode(hex(ethernet("86dd"), ipv6("11"), udp(50000, 4789), vxlan, tagged));
    expect(packet.inner).toMatchObject({ ...TCP_80, ipVersion: 6, vlanTci: 0x64 });
  });

  it("is found in Geneve with options", () => {
    const geneve = (type: string) => `0200${type}00000700${"00".repeat(8)}`;
    const frame = decode(hex(ethernet("0800"), ipv4("11"), udp(1, 6081), geneve("6558"), inner));
    expect(frame.tunnel).toMatchObject({ tunnel: Tunnel.geneve, identifier: 7 });
    expect(frame.inner).toMatchObject(TCP_80);
    const bare = decode(hex(ethernet("0800"), ipv4("11"), udp(1, 6081), geneve("0800"), ipv4("06"), segment));
    expect(bare.inner).toMatchObject({ ...TCP_80, ethernet: -1 });
  });

  it("is found in GRE, with and without key, checksum and sequence number", () => {
    const plain = decode(hex(ethernet("0800"), ipv4("2f"), "00000800", ipv4("06"), segment));
    expect(plain.tunnel).toMatchObject({ tunnel: Tunnel.gre, identifier: -1 });
    expect(plain.inner).toMatchObject(TCP_80);
    const full = decode(hex(ethernet("0800"), ipv4("2f"), "b0006558", "12340000", "0000002a", "00000001", inner));
    expect(full.tunnel).toMatchObject({ tunnel: Tunnel.gre, identifier: 42, ethernet: true });
    expect(full.inner).toMatchObject(TCP_80);
  });

  it("is found in IP in IP, either version in either", () => {
    for (const [header, protocol] of [
      [ipv4, "04"],
      [ipv6, "29"],
    ] as const) {
      const packet = decode(hex(ethernet("0800"), ipv4(protocol), header("06"), segment));
      expect(packet.tunnel.tunnel).toBe(Tunnel.ipip);
      expect(packet.inner).toMatchObject(TCP_80);
    }
  });

  it("is not found in other payloads", () => {
    const cases = [
      hex(ethernet("0800"), ipv4("11"), udp(50000, 4789), "00000000", "00002a00", inner),
      hex(ethernet("0800"), ipv4("11"), udp(50000, 6081), "4000655800000700", inner),
      hex(ethernet("0800"), ipv4("2f"), "2001880b00000001", inner),
      hex(ethernet("0800"), ipv4("2f"), "000088be", inner),
      hex(ethernet("0800"), ipv4("11", "0010"), udp(50000, 4789), vxlan, inner),
    ];
    for (const bytes of cases) expect(decode(bytes).tunnel.tunnel).toBe(Tunnel.none);
  });
});

describe("bytes of any kind", () => {
  const inside = (at: number, end: number): boolean => at === -1 || (at >= 0 && at <= end);

  function sound(layers: Layers, end: number): boolean {
    const { ethernet: link, ieee80211, mpls, labels, ip, source, destination, transport, payload, ipVersion } = layers;
    const offsets = [link, ieee80211, mpls, ip, source, destination, transport, payload];
    if (!offsets.every((at) => inside(at, end)) || (labels > 0 && mpls + 4 * labels > end)) return false;
    if (ipVersion !== 0 && destination + (ipVersion === 4 ? 4 : 16) > end) return false;
    const { extensions, ...values } = layers;
    return Object.values(values).every((value) => typeof value === "boolean" || Number.isInteger(value));
  }

  /** Copies the packet into memory that ends with it: a byte beyond it would be undefined. */
  function check(packet: Packet, bytes: Uint8Array, length: number, protocol: number): boolean {
    decodePacket(packet, protocol, bytes.slice(0, length), 0, length);
    const { outer, inner, tunnel } = packet;
    return sound(outer, length) && sound(inner, length) && Number.isInteger(tunnel.identifier);
  }

  const whole = [
    hex(ethernet("8100"), "0005", "0800", ipv4("06", "4000", "01010101"), segment),
    hex(ethernet("86dd"), ipv6("00"), "2b00050200000000", "0600000000000000", segment),
    hex(ethernet("0800"), ipv4("11"), udp(1, 4789), vxlan, ethernet("86dd"), ipv6("06"), segment),
    hex(ethernet("0800"), ipv4("2f"), "b0006558", "12340000", "0000002a", "00000001", ethernet("0800"), ipv4("06")),
    hex(ethernet("8864"), "110000010040", "0021", ipv4("06"), segment),
    hex(ethernet("0030"), "aaaa03000000", "0800", ipv4("06"), segment),
  ];

  it("are never read beyond their end, wherever the frame was truncated", () => {
    const packet = makePacket();
    for (const bytes of whole) {
      for (let length = 0; length <= bytes.length; length++) expect(check(packet, bytes, length, 1)).toBe(true);
    }
  });

  it("are never read beyond their end, with random contents", () => {
    const packet = makePacket();
    const random = seededRandom(42).below;
    for (let i = 0; i < 20_000; i++) {
      const bytes = (whole[random(whole.length)] as Uint8Array).slice();
      for (let changes = random(6); changes >= 0; changes--) bytes[random(bytes.length)] = random(256);
      const length = random(bytes.length + 1);
      const protocol = [1, 11, 12, 0, 13, 15][random(6)] as number;
      if (!check(packet, bytes, length, protocol)) expect.fail(`${protocol}: ${Buffer.from(bytes).toString("hex")}`);
    }
  });
});
