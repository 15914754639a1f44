// Rules for records that describe a packet by fields instead of its header: sampled_ethernet, sampled_ipv4,
// sampled_ipv6, and outer headers of tunnels.

import {
  extendedL2TunnelEgress,
  extendedL2TunnelIngress,
  sampledEthernet,
} from "../../sflow/records/flow/sampled-ethernet.ts";
import {
  extendedIpv4TunnelEgress,
  extendedIpv4TunnelIngress,
  sampledIpv4,
} from "../../sflow/records/flow/sampled-ipv4.ts";
import {
  extendedIpv6TunnelEgress,
  extendedIpv6TunnelIngress,
  sampledIpv6,
} from "../../sflow/records/flow/sampled-ipv6.ts";
import { ipv4, ipv6 } from "../../sflow/scalar.ts";
import type { ValueOf } from "../../xdr/type.ts";
import { hex, type Pair, pair, typedPair } from "./pair.ts";
import { type Rule, rule } from "./rule.ts";

type Ip = Omit<ValueOf<typeof sampledIpv4>, "tos">;

const ethernet =
  (prefix: string) =>
  (value: ValueOf<typeof sampledEthernet>): Pair[] => [
    pair("flowSampleType", `${prefix}ETHERNET`),
    pair(`${prefix}ethernet_type`, value.type),
    pair(`${prefix}ethernet_len`, value.length),
    pair(`${prefix}ethernet_src`, hex(value.src_mac)),
    pair(`${prefix}ethernet_dst`, hex(value.dst_mac)),
  ];

const ipv4Pairs =
  (prefix: string) =>
  (value: ValueOf<typeof sampledIpv4>): Pair[] => [
    ...sizes(prefix, "IPV4", value),
    typedPair(`${prefix}srcIP`, ipv4, value.src_ip),
    typedPair(`${prefix}dstIP`, ipv4, value.dst_ip),
    pair(`${prefix}IPProtocol`, value.protocol),
    pair(`${prefix}IPTOS`, value.tos),
    ...ports(prefix, value),
  ];

const ipv6Pairs =
  (prefix: string) =>
  (value: ValueOf<typeof sampledIpv6>): Pair[] => [
    ...sizes(prefix, "IPV6", value),
    typedPair(`${prefix}srcIP6`, ipv6, value.src_ip),
    typedPair(`${prefix}dstIP6`, ipv6, value.dst_ip),
    pair(`${prefix}IPProtocol`, value.protocol),
    pair(`${prefix}priority`, value.priority),
    ...ports(prefix, value),
  ];

const sizes = (prefix: string, kind: string, { length }: Ip): Pair[] => [
  pair("flowSampleType", `${prefix}${kind}`),
  pair(`${prefix}sampledPacketSize`, length),
  pair(`${prefix}IPSize`, length),
];

/** For ICMP, prints dst_port as the ICMP type, because most senders put the type there. */
function ports(prefix: string, { protocol, src_port, dst_port, tcp_flags }: Ip): Pair[] {
  if (protocol === 1) return [pair(`${prefix}ICMPType`, dst_port)];
  const name = protocol === 6 ? "TCP" : protocol === 17 ? "UDP" : undefined;
  if (name === undefined) return [];
  const both = [pair(`${prefix}${name}SrcPort`, src_port), pair(`${prefix}${name}DstPort`, dst_port)];
  return protocol === 6 ? [...both, pair(`${prefix}TCPFlags`, tcp_flags)] : both;
}

export const sampledRules: readonly Rule[] = [
  rule(sampledEthernet, ethernet("")),
  rule(extendedL2TunnelEgress, ethernet("tunnel_l2_out_")),
  rule(extendedL2TunnelIngress, ethernet("tunnel_l2_in_")),
  rule(sampledIpv4, ipv4Pairs("")),
  rule(extendedIpv4TunnelEgress, ipv4Pairs("tunnel_ipv4_out_")),
  rule(extendedIpv4TunnelIngress, ipv4Pairs("tunnel_ipv4_in_")),
  rule(sampledIpv6, ipv6Pairs("")),
  rule(extendedIpv6TunnelEgress, ipv6Pairs("tunnel_ipv6_out_")),
  rule(extendedIpv6TunnelIngress, ipv6Pairs("tunnel_ipv6_in_")),
];
