// Encodes options of packet sockets, and decodes the addresses and statistics that packet sockets return. See
// packet(7), linux/if_packet.h, linux/if_arp.h.

import { LITTLE_ENDIAN } from "../sockets/socket-address.ts";
import { ARPHRD_ETHER, ARPHRD_LOOPBACK, PACKET_MR_PROMISC } from "../sockets/socket-constants.ts";

/** The packet type of engines that cannot tell the direction. Values of sll_pkttype end at 7. */
export const PACKET_UNKNOWN = 0xff;

/**
 * Tells whether frames of interfaces with this ARPHRD_* type begin with an Ethernet header. Frames of a loopback begin
 * with an Ethernet header whose addresses are zero.
 */
export const hasEthernetHeader = (hardwareType: number): boolean =>
  hardwareType === ARPHRD_ETHER || hardwareType === ARPHRD_LOOPBACK;

/** Returns sll_ifindex of a struct sockaddr_ll; -1 if the interface to which the socket was bound has been removed. */
export function linkIndex(address: Uint8Array): number {
  return new DataView(address.buffer, address.byteOffset).getInt32(4, LITTLE_ENDIAN);
}

/** Makes a struct packet_mreq, 16 bytes: promiscuous mode of interface `index` while the socket is open. */
export function promiscuousMembership(index: number): Uint8Array {
  const bytes = new Uint8Array(16);
  new Int32Array(bytes.buffer)[0] = index;
  new Uint16Array(bytes.buffer)[2] = PACKET_MR_PROMISC;
  return bytes;
}

/** Returns tp_drops of a struct tpacket_stats. */
export const statisticsDrops = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, LITTLE_ENDIAN);
