// Builds pcap files with a datagram in them, in each link type that tcpdump writes on a collector. pcap-savefile(5).

import { type Bytes, join } from "../../sflow/build.ts";

const u16 = (...values: number[]): Bytes => Uint8Array.from(values.flatMap((value) => [value >>> 8, value & 0xff]));

export const udp = (payload: Bytes, port = 6343, padding = 0): Bytes =>
  join(u16(40_000, port, 8 + payload.length, 0), payload, new Uint8Array(padding));

export const ipv4 = (payload: Bytes): Bytes =>
  join(u16(0x4500, 20 + payload.length, 1, 0x4000, 0x4011, 0), Uint8Array.of(198, 51, 100, 9, 203, 0, 113, 1), payload);

export const ipv6 = (payload: Bytes): Bytes =>
  join(
    u16(0x6000, 0, payload.length, 0x1140, 0x2001, 0xdb8, 0, 0, 0, 0, 0, 9, 0x2001, 0xdb8, 0, 0, 0, 0, 0, 1),
    payload,
  );

const MACS = new Uint8Array(12);
export const ethernet = (ip: Bytes, type = 0x0800): Bytes => join(MACS, u16(type), ip);
export const vlan = (ip: Bytes): Bytes => join(MACS, u16(0x8100, 5, 0x0800), ip);
export const sll = (ip: Bytes): Bytes => join(u16(0, 1, 6, 0, 0, 0, 0, 0x0800), ip);
export const sll2 = (ip: Bytes): Bytes => join(u16(0x0800, 0, 0, 3, 1, 6, 0, 0, 0, 0), ip);

export interface CaptureOptions {
  readonly link?: number;
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
}

/** Builds a pcap file. Its packets are a second apart, from 1,700,000,000 on. */
export function pcap(packets: readonly Bytes[], options: CaptureOptions = {}): Bytes {
  const { link = 1, littleEndian = true, nanoseconds = false } = options;
  const words = (...values: number[]): Bytes => {
    const view = new DataView(new ArrayBuffer(values.length * 4));
    for (const [i, value] of values.entries()) view.setUint32(4 * i, value, littleEndian);
    return new Uint8Array(view.buffer);
  };
  const version = littleEndian ? 0x0004_0002 : 0x0002_0004;
  const head = words(nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4, version, 0, 0, 65_535, link);
  const fraction = nanoseconds ? 250_000 : 250;
  return join(
    head,
    ...packets.flatMap((packet, i) => [words(1_700_000_000 + i, fraction, packet.length, packet.length), packet]),
  );
}
