// Datagrams in captures: behind every header, in a row, cut; and captures that end early or are damaged.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readInput } from "../../../agent/commands/decode/input.ts";
import { Session } from "../../../agent/commands/decode/session.ts";
import { pcapBytes } from "../../capture/pcap-bytes.ts";
import { pcapngBlocks } from "../../capture/pcapng-bytes.ts";
import { type Bytes, join } from "../../sflow/build.ts";
import { fromHex, vectors } from "../../sflow/vectors.ts";
import { ethernet, ipv4, ipv6, pcap, udp } from "./captures.ts";
import { decode, numbered } from "./decode-file.ts";

const vector = fromHex(vectors.A);
const fixture = (name: string): Bytes =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/decode/${name}`, import.meta.url)));

const whole = { code: 0, numbers: [42], errors: [] };

describe("files of the field", () => {
  it.each([
    ["hexdump.txt", [1], []],
    ["tcpdump.txt", [1], []],
    ["array.txt", [1], []],
    ["cooked-vlan.pcap", [1], []],
    ["fragments.pcap", [1], []],
    ["mpls.pcap", [1], []],
    ["bsd-loopback.pcap", [1], []],
    ["cut.pcap", [1], ["the capture ends in mid-packet: packet 2 has 170 of 190 bytes"]],
  ])("%s has the datagrams %j", async (name, numbers, errors) => {
    expect(await decode(fixture(name))).toEqual({ code: errors.length === 0 ? 0 : 1, numbers, errors });
  });
});

describe("a datagram is found", () => {
  const [ip4, ip6] = [ipv4(udp(vector)), ipv6(udp(vector))];
  const tagged = (type: string, ip: Bytes): Bytes => join(fromHex(`${"02".repeat(12)}${type}`), ip);
  it.each([
    ["in two VLANs", 1, tagged("88a80064810000c80800", ip4)],
    ["under MPLS in a VLAN", 1, tagged("81000064884700010140", ip4)],
    ["in PPPoE", 1, tagged("88641100000100c00057", ip6)],
    ["in VXLAN", 1, ethernet(ipv4(udp(join(fromHex("0800000000002a00"), ethernet(ip4)), 4789)))],
    [
      "in a cooked capture with a VLAN",
      113,
      join(fromHex("00000001000602000000000a000081000064"), fromHex("86dd"), ip6),
    ],
    [
      "in a cooked capture of version 2 with a VLAN",
      276,
      join(fromHex("8100000000000002000103060200000000010000"), fromHex("00640800"), ip4),
    ],
    ["on a loopback of BSD", 0, join(fromHex("0000001c"), ip6)],
    ["on a loopback of OpenBSD", 108, join(fromHex("00000002"), ip4)],
    ["in PPP", 9, join(fromHex("ff030021"), ip4)],
    ["in PPP of a serial line", 50, join(fromHex("ff030057"), ip6)],
  ])("%s", async (_, linkType, packet) => {
    expect(await decode(pcapBytes([{ bytes: packet }], { linkType }))).toEqual(whole);
  });

  const extension = (next: number, type: number): Bytes =>
    join(ip6.slice(0, 6), Uint8Array.of(type, 64), ip6.slice(8, 40), Uint8Array.of(next, 0, 1, 4, 0, 0, 0, 0));
  it.each([
    ["hop-by-hop options", 0],
    ["routing", 43],
    ["destination options", 60],
    ["a mobility header", 135],
    ["a host identity", 139],
    ["a fragment header of a whole packet", 44],
  ])("behind %s of IPv6", async (_, type) => {
    const header = extension(17, type);
    if (type === 44) header.fill(0, 41, 48);
    expect(await decode(pcapBytes([{ bytes: join(header, udp(vector)) }], { linkType: 101 }))).toEqual(whole);
  });

  it("in every format of a capture, also compressed", async () => {
    const packet = ethernet(ip4);
    const ng = pcapngBlocks(false);
    const files = [
      pcap([packet], { nanoseconds: true, littleEndian: false }),
      pcapBytes([{ bytes: packet }], { modified: true }),
      join(ng.section(), ng.interface(113), ng.interface(1), ng.packet(packet, { from: 1 })),
    ];
    for (const file of files.flatMap((bytes) => [bytes, new Uint8Array(gzipSync(bytes))]))
      expect(await decode(file)).toEqual(whole);
    expect(await decode(new Uint8Array(gzipSync(Buffer.from(vectors.A))))).toEqual(whole);
  });
});

describe("the length of a datagram", () => {
  const withLength = (length: number, payload = vector): Bytes => {
    const packet = udp(payload);
    new DataView(packet.buffer).setUint16(4, length);
    return packet;
  };

  it("is that of IP if UDP has none, and all there is if neither has", async () => {
    const ip4 = ipv4(withLength(0));
    expect(await decode(pcap([ethernet(join(ip4, new Uint8Array(6)))]))).toEqual(whole);
    const ip6 = ipv6(withLength(0));
    expect(await decode(pcap([ethernet(ip6, 0x86dd)]))).toEqual(whole);
    new DataView(ip4.buffer).setUint16(2, 0);
    new DataView(ip6.buffer).setUint16(4, 0);
    expect(await decode(pcap([ethernet(ip4)]))).toEqual(whole);
    expect(await decode(pcap([ethernet(ip6, 0x86dd)]))).toEqual(whole);
  });

  it("may be more than the capture has", async () => {
    const packet = ethernet(ipv4(udp(vector)));
    const cut = pcapBytes([{ bytes: packet.slice(0, 100), wire: packet.length }]);
    const { code, errors } = await decode(cut);
    expect(code).toBe(1);
    expect(errors).toContainEqual(
      "datagram 1 from 198.51.100.9: 86 bytes are missing: the capture has only the beginning of the packet; capture with a larger snaplen (tcpdump -s 0)",
    );
    const short = await decode(pcap([ethernet(ipv4(withLength(999)))]));
    expect(short).toMatchObject({ code: 1, numbers: [42] });
    expect(short.errors).toEqual(["datagram 1 from 198.51.100.9: 847 bytes are missing: the packet ends before"]);
  });

  it("may be that of several datagrams, which a network card was to send one by one", async () => {
    const row = join(numbered(1), numbered(2), vector, numbered(3));
    expect((await decode(pcap([ethernet(ipv4(udp(row)))]))).numbers).toEqual([1, 2, 42, 3]);
    expect((await decode(row)).numbers).toEqual([1, 2, 42, 3]);
    const long = join(...Array.from({ length: 1400 }, (_, i) => numbered(i + 1)));
    expect((await decode(pcap([ethernet(ipv4(udp(long)))]))).numbers.length).toBe(1400);
  });
});

describe("a file that is not as it should be", () => {
  const packet = ethernet(ipv4(udp(vector)));

  it("is decoded up to where it is damaged", async () => {
    const bytes = pcap([packet, packet]);
    new DataView(bytes.buffer).setUint32(24 + 16 + packet.length + 8, 0xffff_ff00, true);
    expect(await decode(bytes)).toEqual({
      code: 1,
      numbers: [42],
      errors: [`packet 2 at offset ${40 + packet.length} has a length of 4294967040 bytes: the file is damaged`],
    });
  });

  it("is decoded up to where its compression ends", async () => {
    const packets = Array.from({ length: 4000 }, (_, i) => ethernet(ipv4(udp(numbered(i + 1)))));
    const bytes = new Uint8Array(gzipSync(pcap(packets)));
    const { code, numbers, errors } = await decode(bytes.slice(0, -1000), 5000);
    expect([code, numbers.length > 1000, errors[0]]).toEqual([1, true, "gzip: unexpected end of file"]);
    expect(errors[1]).toMatch(/^the capture ends in mid-packet/);
  });

  it("is rejected with the command that decompresses it", async () => {
    const { errors } = await decode(fromHex("28b52ffd0000000000"));
    expect(errors).toEqual(["compressed with zstd: decompress it first, with zstdcat"]);
  });

  it("has packets of an unknown link type, which are counted", async () => {
    const ng = pcapngBlocks();
    const mixed = join(
      ng.section(),
      ng.interface(1),
      ng.interface(127),
      ng.packet(packet),
      ng.packet(packet, { from: 1 }),
    );
    expect(await decode(mixed)).toEqual({ ...whole, errors: ["1 packets were not read: of link type 127"] });
    const { code, errors } = await decode(pcapBytes([{ bytes: packet }], { linkType: 127 }));
    expect([code, errors]).toEqual([
      1,
      ["1 packets were not read: of link type 127", "no packet of UDP port 6343: choose another port with --port"],
    ]);
  });
});

it("prints each datagram as soon as its bytes have arrived", async () => {
  const bytes = pcap([1, 2, 3].map((sequence) => ethernet(ipv4(udp(numbered(sequence))))));
  const seen: string[] = [];
  async function* arriving(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 10) {
      yield bytes.slice(at, at + 10);
      seen.push("piece");
    }
  }
  const output = { out: () => void seen.push("datagram"), complain: () => undefined };
  const session = new Session({ format: "json", names: false }, output);
  await readInput(arriving(), 6343, session, new AbortController().signal);
  const places = seen.flatMap((what, i) => (what === "datagram" ? [i] : []));
  expect(places.map((place) => place < seen.length - 1)).toEqual([true, true, true]);
  expect(places[0]).toBeLessThan(seen.length / 2);
});
