// Decodes Ethernet II, 802.3 with LLC and SNAP, 802.1Q and 802.1ad tags, PPPoE. IEEE 802.3, 802.1Q, 802.2; RFC 1042,
// RFC 2516.

import { uint16 } from "./bytes.ts";
import type { Layers } from "./layers.ts";

export const EtherType = { ipv4: 0x0800, ipv6: 0x86dd, pppoeSession: 0x8864 } as const;

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
  let next = at + HEADER;
  let type = uint16(bytes, next - 2);
  while (isTag(type) && layers.tags < MOST_TAGS) {
    if (next + 4 > end) return -1;
    if (layers.tags++ === 0) layers.vlanTci = uint16(bytes, next);
    type = uint16(bytes, next + 2);
    next += 4;
  }
  if (type < LEAST_TYPE) return decodeLlc(layers, bytes, next, end);
  if (type === EtherType.pppoeSession) return decodePppoe(layers, bytes, next, end);
  layers.etherType = type;
  return next;
}

/** Decodes LLC. SNAP with the organisation code 0 has an EtherType; 06 06 is IPv4 right after LLC. */
function decodeLlc(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 > end) return -1;
  const access = uint16(bytes, at);
  if (access === 0x0606) {
    layers.etherType = EtherType.ipv4;
    return at + 3;
  }
  if (access !== 0xaaaa || at + 8 > end) return -1;
  if (uint16(bytes, at + 3) !== 0 || bytes[at + 5] !== 0) return -1;
  layers.etherType = uint16(bytes, at + 6);
  return at + 8;
}

/** Decodes PPPoE. The PPP protocols of IPv4 and IPv6 become EtherTypes; all others are control traffic. */
function decodePppoe(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  layers.etherType = EtherType.pppoeSession;
  if (at + 8 > end) return -1;
  const protocol = uint16(bytes, at + 6);
  if (protocol === 0x0021) layers.etherType = EtherType.ipv4;
  else if (protocol === 0x0057) layers.etherType = EtherType.ipv6;
  else return -1;
  return at + 8;
}
