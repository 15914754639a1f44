// Link types of captures, and where the packet begins in each. See pcap-linktype(7) and
// www.tcpdump.org/linktypes.html.

import { ARPHRD_ETHER, ARPHRD_NONE } from "../sockets/socket-constants.ts";
import { PACKET_UNKNOWN } from "./af-packet.ts";
import type { SoftwarePacket } from "./software-tap.ts";

export type LinkType = "ethernet" | "raw" | "linux-sll" | "linux-sll2";

const byNumber = new Map<number, LinkType>([
  [1, "ethernet"],
  [12, "raw"],
  [101, "raw"],
  [113, "linux-sll"],
  [228, "raw"],
  [229, "raw"],
  [276, "linux-sll2"],
]);

/** Returns undefined if packets of this link type cannot be sampled. */
export const linkTypeOf = (number: number): LinkType | undefined => byNumber.get(number);

/**
 * Moves `packet` past a cooked header and reads the direction from that header. A cooked header replaces the original
 * link-layer header and is not counted in the packet's length. Returns false if the packet is too short for its header.
 */
export function enterLink(packet: SoftwarePacket, type: LinkType): boolean {
  packet.packetType = PACKET_UNKNOWN;
  packet.protocol = 0;
  packet.hardwareType = type === "ethernet" ? ARPHRD_ETHER : ARPHRD_NONE;
  if (type === "linux-sll") return enterCooked(packet, 16, 1, 14);
  if (type === "linux-sll2") return enterCooked(packet, 20, 10, 0);
  return packet.captured > 0;
}

function enterCooked(packet: SoftwarePacket, length: number, packetType: number, protocol: number): boolean {
  const { bytes, at } = packet;
  if (packet.captured <= length) return false;
  packet.packetType = bytes[at + packetType] as number;
  packet.protocol = ((bytes[at + protocol] as number) << 8) | (bytes[at + protocol + 1] as number);
  packet.at += length;
  packet.captured -= length;
  packet.wire -= length;
  return true;
}
