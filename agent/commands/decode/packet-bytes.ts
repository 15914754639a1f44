// Recognizes the first header of a packet that is not in a capture file.

import { enterLink, LinkType } from "../../capture/link-type.ts";
import { makeSoftwarePacket } from "../../capture/software-tap.ts";
import { uint16 } from "../../packet/bytes.ts";
import type { Layers } from "../../packet/layers.ts";
import { decodePacket, HeaderProtocol, makePacket, type Packet } from "../../packet/packet.ts";
import { isForPort } from "./captured.ts";
import { beginsDatagram } from "./split-datagrams.ts";

const LINKS = [
  LinkType.ethernet,
  LinkType.cooked,
  LinkType.cooked2,
  LinkType.raw,
  LinkType.loopback,
  LinkType.ppp,
] as const;
/** Ethernet fills short packets up. */
const MOST_PADDING = 64;
const UDP_HEADER = 8;
const IPV6_HEADER = 40;

/** Returns the link type with which a packet is of the port, or else one with which the length of IP fits. */
export function linkOf(bytes: Uint8Array, port: number): number | undefined {
  const packets = LINKS.map((link) => ({ link, packet: decodeAs(bytes, link) }));
  const found =
    packets.find(({ packet }) => isForPort(packet.outer, port) || isForPort(packet.inner, port)) ??
    packets.find(({ packet }) => hasLength(packet.outer, bytes));
  return found?.link;
}

function decodeAs(bytes: Uint8Array, link: number): Packet {
  const decoded = makePacket();
  const packet = { ...makeSoftwarePacket(bytes), captured: bytes.length, wire: bytes.length };
  if (enterLink(packet, link) !== undefined) return decoded;
  const protocol = link === LinkType.ethernet ? HeaderProtocol.ethernet : HeaderProtocol.ipv4;
  decodePacket(decoded, protocol, bytes, packet.at, packet.captured);
  return decoded;
}

function hasLength({ ip, ipVersion }: Layers, bytes: Uint8Array): boolean {
  if (ipVersion === 0) return false;
  const length = ipVersion === 4 ? uint16(bytes, ip + 2) : IPV6_HEADER + uint16(bytes, ip + 4);
  const padding = bytes.length - ip - length;
  return padding >= 0 && padding < MOST_PADDING;
}

/** Returns the payload if the bytes begin with the UDP header of a datagram. */
export function udpPayload(bytes: Uint8Array, port: number): Uint8Array | undefined {
  const isUdp = beginsDatagram(bytes, UDP_HEADER) && (uint16(bytes, 0) === port || uint16(bytes, 2) === port);
  return isUdp ? bytes.subarray(UDP_HEADER) : undefined;
}
