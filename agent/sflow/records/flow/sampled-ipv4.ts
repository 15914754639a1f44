// Fields of an IPv4 header, for agents that do not send the packet header itself. Also describes the outer header of a
// tunnel. See sFlow v5, section 5 "sampled_ipv4", and sFlow Tunnel Structures.

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";
import { ipv4 } from "../../scalar.ts";

const fields = {
  /** Length of the IP packet in bytes, without lower layers. */
  length: uint32,
  protocol: uint32,
  src_ip: ipv4,
  dst_ip: ipv4,
  src_port: uint32,
  dst_port: uint32,
  tcp_flags: uint32,
  tos: uint32,
};

export const sampledIpv4 = flowType("sampled_ipv4", 3, fields);
export const extendedIpv4TunnelEgress = flowType("extended_ipv4_tunnel_egress", 1023, fields);
export const extendedIpv4TunnelIngress = flowType("extended_ipv4_tunnel_ingress", 1024, fields);
