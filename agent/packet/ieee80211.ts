// Decodes the MAC header of 802.11 frames. See IEEE 802.11, section 9.2.4 and 9.3.

import { decodeLlc } from "./ethernet.ts";
import type { Layers } from "./layers.ts";

const HEADER = 24;
const ADDRESS = 6;
const MANAGEMENT = 0;
const DATA = 2;

/** The flags of the second octet: to and from the distribution system, protected, order. */
const [TO_DS, FROM_DS, PROTECTED, ORDER] = [0x01, 0x02, 0x40, 0x80];
/** The bits of the subtype of data frames: no data, quality of service. */
const [NO_DATA, QOS] = [0x4, 0x8];
/** The bit of the first octet of QoS control that says that the frame has several packets. */
const AGGREGATE = 0x80;

const typeOf = (bytes: Uint8Array, at: number): number => ((bytes[at] as number) >>> 2) & 3;
const subtypeOf = (bytes: Uint8Array, at: number): number => (bytes[at] as number) >>> 4;

/** Decodes a frame. Returns the offset of the payload of a data frame, or -1 if it has none that can be read. */
export function decodeIeee80211(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  if (at + HEADER > end) return -1;
  const type = typeOf(bytes, at);
  if (type !== MANAGEMENT && type !== DATA) return -1;
  layers.ieee80211 = at;
  const flags = bytes[at + 1] as number;
  const isLaterFragment = ((bytes[at + 22] as number) & 0xf) !== 0;
  if (type === MANAGEMENT || (flags & PROTECTED) !== 0 || isLaterFragment) return -1;
  return decodeData(layers, bytes, at, end, flags);
}

function decodeData(layers: Layers, bytes: Uint8Array, at: number, end: number, flags: number): number {
  const subtype = subtypeOf(bytes, at);
  if ((subtype & NO_DATA) !== 0) return -1;
  const qos = at + HEADER + (hasFourAddresses(flags) ? ADDRESS : 0);
  if ((subtype & QOS) === 0) return decodeLlc(layers, bytes, qos, end);
  if (qos >= end || ((bytes[qos] as number) & AGGREGATE) !== 0) return -1;
  return decodeLlc(layers, bytes, qos + ((flags & ORDER) !== 0 ? 6 : 2), end);
}

const hasFourAddresses = (flags: number): boolean => (flags & TO_DS) !== 0 && (flags & FROM_DS) !== 0;

/** Offsets of the addresses of a frame. Between two access points, the source is in a fourth address. */
export interface WirelessAddresses {
  readonly source: number;
  readonly destination: number;
  readonly transmitter: number;
  readonly receiver: number;
}

export function wirelessAddresses(bytes: Uint8Array, at: number): WirelessAddresses {
  const [first, second, third, fourth] = [at + 4, at + 10, at + 16, at + HEADER];
  const flags = bytes[at + 1] as number;
  const [toDs, fromDs] = [(flags & TO_DS) !== 0, (flags & FROM_DS) !== 0];
  const source = fromDs ? (toDs ? fourth : third) : second;
  return { source, destination: toDs ? third : first, transmitter: second, receiver: first };
}
