// Link types of captures, and where the packet begins in each. See pcap-linktype(7) and
// www.tcpdump.org/linktypes.html.

import { uint16 } from "../packet/bytes.ts";
import { decodeEtherType, EtherType, etherTypeOfPpp } from "../packet/ethernet.ts";
import { makeLayers } from "../packet/layers.ts";
import { ARPHRD_ETHER, ARPHRD_NONE } from "../sockets/socket-constants.ts";
import { PACKET_UNKNOWN } from "./af-packet.ts";
import { ipHeaderProtocol } from "./fill.ts";
import type { SoftwarePacket } from "./software-tap.ts";

/** The link types that other files name. */
export const LinkType = { loopback: 0, ethernet: 1, ppp: 9, raw: 101, cooked: 113, cooked2: 276 } as const;

/** The reason for a packet without an IP header. sFlow can describe only Ethernet frames and IP packets. */
export const NOT_IP = "neither Ethernet nor IP";
const TOO_SHORT = "shorter than the header of the link layer";

/** Moves a packet past the header of its link layer. Returns the reason if that is not possible. */
type Enter = (packet: SoftwarePacket) => string | undefined;

const byNumber = new Map<number, Enter>([
  [LinkType.ethernet, () => undefined],
  // Loopback interfaces of BSD systems: a word with the address family.
  [LinkType.loopback, enterAfter(4)],
  [108, enterAfter(4)],
  // IPsec of OpenBSD.
  [109, enterAfter(12)],
  [LinkType.raw, enterAfter(0)],
  [12, enterAfter(0)],
  [14, enterAfter(0)],
  [228, enterAfter(0)],
  [229, enterAfter(0)],
  [LinkType.ppp, (packet) => enterPpp(packet, 0)],
  [50, (packet) => (isCisco(packet) ? enterType(packet, 2) : enterPpp(packet, 0))],
  // A direction comes before PPP, or replaces its first octet.
  [166, (packet) => enterPpp(packet, 2)],
  [204, (packet) => enterPpp(packet, 1)],
  [51, (packet) => enterPayload(packet, EtherType.pppoeSession, 0)],
  [104, (packet) => enterType(packet, 2)],
  [219, (packet) => enterPayload(packet, EtherType.mpls, 0)],
  [LinkType.cooked, enterCooked(16, 1, 14)],
  [LinkType.cooked2, enterCooked(20, 10, 0)],
]);

/**
 * Moves `packet` to its Ethernet or IP header. Other headers of a link layer, with VLAN tags and labels of MPLS in
 * them, are not counted in the packet's length, because sFlow cannot describe them. Reads the direction from a cooked
 * header. Returns the reason if the packet cannot be read; undefined if it can.
 */
export function enterLink(packet: SoftwarePacket, linkType: number): string | undefined {
  packet.packetType = PACKET_UNKNOWN;
  packet.protocol = 0;
  packet.hardwareType = linkType === LinkType.ethernet ? ARPHRD_ETHER : ARPHRD_NONE;
  const enter = byNumber.get(linkType);
  if (enter === undefined) return `of link type ${linkType}`;
  return packet.captured === 0 ? TOO_SHORT : enter(packet);
}

function skip(packet: SoftwarePacket, length: number): void {
  packet.at += length;
  packet.captured -= length;
  packet.wire -= length;
}

/** Returns a function that skips a header of a fixed length, after which the packet itself says whether it is IP. */
function enterAfter(length: number): Enter {
  return (packet) => {
    if (packet.captured <= length) return TOO_SHORT;
    skip(packet, length);
    return ipHeaderProtocol(0, packet.bytes[packet.at] as number) === 0 ? NOT_IP : undefined;
  };
}

/** Skips `length` bytes, and the tags and headers before IP. `type` is the EtherType of the first of them. */
function enterPayload(packet: SoftwarePacket, type: number, length: number): string | undefined {
  if (packet.captured <= length) return TOO_SHORT;
  const { bytes, at, captured } = packet;
  const layers = makeLayers();
  const network = decodeEtherType(layers, bytes, type, at + length, at + captured);
  const first = network < 0 || network >= at + captured ? 0 : (bytes[network] as number);
  if (ipHeaderProtocol(layers.etherType, first) === 0) return NOT_IP;
  packet.protocol = layers.etherType;
  skip(packet, network - at);
  return undefined;
}

/** Enters a header that ends with an EtherType at offset `at`. */
function enterType(packet: SoftwarePacket, at: number): string | undefined {
  if (packet.captured <= at + 2) return TOO_SHORT;
  return enterPayload(packet, uint16(packet.bytes, packet.at + at), at + 2);
}

/** Tells whether the frame is one of Cisco HDLC. Its first octet is its address: unicast or multicast. */
const isCisco = ({ bytes, at }: SoftwarePacket): boolean => bytes[at] === 0x0f || bytes[at] === 0x8f;

/** Enters PPP at `at`. The first two octets, ff 03, and the first octet of the protocol may have been left out. */
function enterPpp(packet: SoftwarePacket, at: number): string | undefined {
  const { bytes } = packet;
  const begin = packet.at + at;
  const hasAddress = bytes[begin] === 0xff && bytes[begin + 1] === 0x03;
  const protocolAt = hasAddress ? at + 2 : at;
  if (packet.captured <= protocolAt + 2) return TOO_SHORT;
  const first = bytes[packet.at + protocolAt] as number;
  const isShort = (first & 1) === 1;
  const type = etherTypeOfPpp(isShort ? first : uint16(bytes, packet.at + protocolAt));
  return type < 0 ? NOT_IP : enterPayload(packet, type, protocolAt + (isShort ? 1 : 2));
}

function enterCooked(length: number, packetType: number, protocol: number): Enter {
  return (packet) => {
    const { bytes, at } = packet;
    if (packet.captured <= length) return TOO_SHORT;
    packet.packetType = bytes[at + packetType] as number;
    return enterPayload(packet, uint16(bytes, at + protocol), length);
  };
}
