// Fields of an Ethernet header, for agents that do not send the packet header itself. Also describes the outer header
// of an L2 tunnel. See sFlow v5, section 5 "sampled_ethernet", and sFlow Tunnel Structures.

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";
import { mac } from "../../scalar.ts";

/** The fields. The source address comes before the destination, unlike in the frame. `length` includes the FCS. */
const fields = {
  length: uint32,
  src_mac: mac,
  dst_mac: mac,
  type: uint32,
};

export const sampledEthernet = flowType("sampled_ethernet", 2, fields);
export const extendedL2TunnelEgress = flowType("extended_L2_tunnel_egress", 1021, fields);
export const extendedL2TunnelIngress = flowType("extended_L2_tunnel_ingress", 1022, fields);
