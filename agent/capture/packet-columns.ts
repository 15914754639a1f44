// Captured packets as an engine passes them on: parallel typed arrays, with one element per packet. See packet(7).

import { BATCH_PACKETS } from "../flow/batch.ts";

/** Element i of each array belongs to packet i. The arrays are as long as the largest batch and are reused. */
export interface PacketColumns {
  /** Packet i is `length[i]` bytes of `bytes` at `offset[i]`. */
  readonly bytes: Uint8Array;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  /** Length of the packet before it was cut, in octets, without frame check sequence and without the tag in `vlan`. */
  readonly wireLength: Uint32Array;
  /** EtherType of a packet without a link layer; 0 if the protocol must be read from the packet. */
  readonly protocol: Uint16Array;
  /** sll_pkttype, or PACKET_UNKNOWN. */
  readonly packetType: Uint8Array;
  /** Interface by which a packet that is sent has arrived; 0 if this host made the packet, or if it is unknown. */
  readonly arrival: Uint32Array;
  /** Time of the packet, UNIX epoch; seconds 0 if unknown. */
  readonly seconds: Uint32Array;
  readonly nanoseconds: Uint32Array;
  /**
   * VLAN tag that the kernel removed from the frame: TPID in the upper half, TCI in the lower half; 0 if there was
   * none. Four octets of free memory precede such a packet, so that the tag can be put back in place.
   */
  readonly vlan: Uint32Array;
}

export const makePacketColumns = (bytes: Uint8Array, packets = BATCH_PACKETS): PacketColumns => ({
  bytes,
  offset: new Uint32Array(packets),
  length: new Uint32Array(packets),
  wireLength: new Uint32Array(packets),
  protocol: new Uint16Array(packets),
  packetType: new Uint8Array(packets),
  arrival: new Uint32Array(packets),
  seconds: new Uint32Array(packets),
  nanoseconds: new Uint32Array(packets),
  vlan: new Uint32Array(packets),
});
