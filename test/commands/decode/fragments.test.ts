// Datagrams in fragments of IP packets.

import { expect, it } from "vitest";
import { pcapBytes } from "../../capture/pcap-bytes.ts";
import { type Bytes, join } from "../../sflow/build.ts";
import { fromHex, vectors } from "../../sflow/vectors.ts";
import { ethernet, ipv4, ipv6, pcap, udp } from "./captures.ts";
import { decode, numbered } from "./decode-file.ts";

const vector = fromHex(vectors.A);
const whole = { code: 0, numbers: [42], errors: [] };
const content = udp(join(vector, numbered(43)));
/** Cuts the payload of an IPv4 packet into fragments of 64 bytes. */
const fragments4 = (payload: Bytes, id = 7): Bytes[] =>
  Array.from({ length: Math.ceil(payload.length / 64) }, (_, i) => {
    const piece = payload.slice(64 * i, 64 * (i + 1));
    const packet = ipv4(piece);
    const isLast = 64 * (i + 1) >= payload.length;
    const view = new DataView(packet.buffer);
    view.setUint16(4, id);
    view.setUint16(6, 8 * i + (isLast ? 0 : 0x2000));
    return ethernet(join(packet, new Uint8Array(isLast ? 4 : 0)));
  });
const fragments6 = (payload: Bytes, next = 17): Bytes[] =>
  Array.from({ length: Math.ceil(payload.length / 64) }, (_, i) => {
    const isLast = 64 * (i + 1) >= payload.length;
    const header = fromHex(`${next.toString(16).padStart(2, "0")}00`);
    const field = new Uint8Array(2);
    new DataView(field.buffer).setUint16(0, 64 * i + (isLast ? 0 : 1));
    const packet = ipv6(join(header, field, fromHex("00000007"), payload.slice(64 * i, 64 * (i + 1))));
    packet[6] = 44;
    return ethernet(packet, 0x86dd);
  });
const numbers = [42, 43];

it("of IPv4 are joined in any order, with repeated and overlapping ones among them", async () => {
  const all = fragments4(content);
  expect(all.length).toBe(3);
  const ends = fragments4(content.slice(0, 100));
  for (const packets of [all, all.toReversed(), [...all.slice(1), ...all], [all[2], ends[0], all[1], all[0]]])
    expect((await decode(pcap(packets as Bytes[]))).numbers).toEqual(numbers);
});

it("of IPv6 are joined, also with extension headers in them", async () => {
  expect(await decode(pcap(fragments6(content)))).toEqual({ code: 0, numbers, errors: [] });
  const behind = join(fromHex("1100010400000000"), content);
  expect(await decode(pcap(fragments6(behind, 60).toReversed()))).toEqual({ code: 0, numbers, errors: [] });
});

it("are joined by their own identification and addresses", async () => {
  const [a, b] = [fragments4(udp(vector), 1), fragments4(udp(join(vector, numbered(9))), 2)];
  const mixed = a.flatMap((packet, i) => [packet, b[i] as Bytes]);
  expect(await decode(pcap([...mixed, ...b.slice(a.length)]))).toEqual({ code: 0, numbers: [42, 42, 9], errors: [] });
});

it("that are missing are named, and what comes before them is decoded", async () => {
  const [first, , last] = fragments4(content) as [Bytes, Bytes, Bytes];
  const partial = await decode(pcap([first, last]));
  expect(partial).toMatchObject({ code: 1, numbers: [42] });
  expect(partial.errors).toContainEqual(
    "datagram 1 from 198.51.100.9: 116 bytes are missing: fragments of the packet are missing in the capture",
  );
  expect(await decode(pcap([last, ethernet(ipv4(udp(vector)))]))).toEqual({
    ...whole,
    errors: ["1 packets lack their first fragment, so that their port is unknown"],
  });
});

it("without end take a bounded memory", async () => {
  const strangers = Array.from({ length: 3000 }, (_, i) => fragments4(content, i)[0] as Bytes);
  const { errors } = await decode(pcap([...strangers, ...fragments4(content, 60_000)]), 1 << 20);
  expect(errors.filter((error) => /fragments of the packet are missing/.test(error)).length).toBe(3000);
});

it("are not taken for those of a packet with the same identification half a minute before", async () => {
  const [first, second, third] = fragments4(content) as [Bytes, Bytes, Bytes];
  const late = pcapBytes([
    { bytes: first, seconds: 100 },
    { bytes: second, seconds: 131 },
    { bytes: third, seconds: 131 },
  ]);
  expect((await decode(late)).errors).toContainEqual(
    "1 packets lack their first fragment, so that their port is unknown",
  );
});
