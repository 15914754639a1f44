// The first bytes of a sampled packet. See sFlow v5, section 5 "sampled_header".

import { opaque, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const sampledHeader = flowType("sampled_header", 1, {
  /** header_protocol: 1 Ethernet, 11 IPv4, 12 IPv6. */
  protocol: uint32,
  /** Length of the frame on the wire in bytes, including the FCS. */
  frame_length: uint32,
  /**
   * Bytes of frame_length that are not part of the packet in `header`: the FCS, and bytes removed before the packet.
   */
  stripped: uint32,
  header: opaque(),
});
