// Fields of an IPv6 header, for agents that do not send the packet header itself. Also describes the outer header of a
// tunnel. See sFlow v5, section 5 "sampled_ipv6", and sFlow Tunnel Structures.

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";
import { ipv6 } from "../../scalar.ts";

const fields = {
  /** Length of the IP packet in bytes, without lower layers. */
  length: uint32,
  protocol: uint32,
  src_ip: ipv6,
  dst_ip: ipv6,
  src_port: uint32,
  dst_port: uint32,
  tcp_flags: uint32,
  priority: uint32,
};

export const sampledIpv6 = flowType("sampled_ipv6", 4, fields);
export const extendedIpv6TunnelEgress = flowType("extended_ipv6_tunnel_egress", 1025, fields);
export const extendedIpv6TunnelIngress = flowType("extended_ipv6_tunnel_ingress", 1026, fields);
