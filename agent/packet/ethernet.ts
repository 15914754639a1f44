// Decodes Ethernet II, 802.3 with LLC and SNAP, 802.1Q and 802.1ad tags, PPPoE, MPLS. IEEE 802.3, 802.1Q, 802.2;
// RFC 1042, RFC 2516, RFC 3032.

import { uint16, uint24 } from "./bytes.ts";
import type { Layers } from "./layers.ts";

export const EtherType = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  pppoeSession: 0x8864,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
} as const;

const HEADER = 14;
/** A smaller value in the type field is the length of an 802.3 frame. */
const LEAST_TYPE = 0x0600;
const MOST_TAGS = 8;

/** Tells whether an EtherType is that of a VLAN tag: 802.1Q, 802.1ad, or one in use before 802.1ad. */
export const isTag = (type: number): boolean =>
  type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200 || type === 0x9300;

/** Decodes the link layer at `at`. Returns the offset of its payload, or -1 if the frame ends before. */
export function decodeEthernet(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  if (at + HEADER > end) return -1;
  layers.ethernet = at;
  return decodeEtherType(layers, bytes, uint16(bytes, at + HEADER - 2), at + HEADER, end);
}

/** Decodes tags and headers at `at`, the first of which has the EtherType `first`. Returns as `decodeEthernet`. */
export function decodeEtherType(layers: Layers, bytes: Uint8Array, first: number, at: number, end: number): number {
  let next = at;
  let type = first;
  while (isTag(type) && layers.tags < MOST_TAGS) {
    if (next + 4 > end) return -1;
    if (layers.tags++ === 0) layers.vlanTci = uint16(bytes, next);
    type = uint16(bytes, next + 2);
    next += 4;
  }
  if (type < LEAST_TYPE) return decodeLlc(layers, bytes, next, end);
  if (layers.frameType < 0) layers.frameType = type;
  if (type === EtherType.pppoeSession) return decodePppoe(layers, bytes, next, end);
  if (type === EtherType.mpls || type === EtherType.mplsMulticast) return decodeMpls(layers, bytes, next, end);
  layers.etherType = type;
  return next;
}

/** Decodes LLC. SNAP with the organisation code 0 has an EtherType; 06 06 is IPv4 right after LLC. */
export function decodeLlc(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 > end) return -1;
  const access = uint16(bytes, at);
  if (access === 0x0606) {
    layers.frameType = EtherType.ipv4;
    layers.etherType = EtherType.ipv4;
    return at + 3;
  }
  if (access !== 0xaaaa || at + 6 > end) return -1;
  const organisation = uint24(bytes, at + 3);
  if (organisation !== 0) layers.organisation = organisation;
  if (organisation !== 0 || at + 8 > end) return -1;
  layers.frameType = uint16(bytes, at + 6);
  layers.etherType = layers.frameType;
  return at + 8;
}

/** Returns the EtherType of a PPP protocol; -1 for control traffic. */
export function etherTypeOfPpp(protocol: number): number {
  if (protocol === 0x0021) return EtherType.ipv4;
  if (protocol === 0x0057) return EtherType.ipv6;
  if (protocol === 0x0281) return EtherType.mpls;
  return protocol === 0x0283 ? EtherType.mplsMulticast : -1;
}

/** Decodes PPPoE, which carries PPP without its framing. */
function decodePppoe(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  layers.etherType = EtherType.pppoeSession;
  if (at + 8 > end) return -1;
  const type = etherTypeOfPpp(uint16(bytes, at + 6));
  return type < 0 ? -1 : decodeEtherType(layers, bytes, type, at + 8, end);
}

/** Skips a stack of labels. The labels do not tell what follows them; the first half octet tells IP from all else. */
function decodeMpls(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  layers.etherType = EtherType.mpls;
  layers.mpls = at;
  let next = at;
  do {
    if (next + 4 > end) return -1;
    next += 4;
    layers.labels++;
  } while (((bytes[next - 2] as number) & 1) === 0);
  const version = next < end ? (bytes[next] as number) >>> 4 : 0;
  if (version !== 4 && version !== 6) return -1;
  layers.etherType = version === 4 ? EtherType.ipv4 : EtherType.ipv6;
  return next;
}
