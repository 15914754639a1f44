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
import type { ValueOf } from "../../xdr/type.ts";
import type { Pairs } from "./pairs.ts";
import { type Print, type Rule, rule } from "./rule.ts";

type Ip = Omit<ValueOf<typeof sampledIpv4>, "tos">;

const ethernet =
  (prefix: string): Print<ValueOf<typeof sampledEthernet>> =>
  (pairs, value) => {
    pairs.word("flowSampleType", `${prefix}ETHERNET`);
    pairs.number(`${prefix}ethernet_type`, value.type);
    pairs.number(`${prefix}ethernet_len`, value.length);
    pairs.hex(`${prefix}ethernet_src`, value.src_mac);
    pairs.hex(`${prefix}ethernet_dst`, value.dst_mac);
  };

const ipv4 =
  (prefix: string): Print<ValueOf<typeof sampledIpv4>> =>
  (pairs, value) => {
    printSizes(pairs, prefix, "IPV4", value);
    pairs.address(`${prefix}srcIP`, value.src_ip);
    pairs.address(`${prefix}dstIP`, value.dst_ip);
    pairs.number(`${prefix}IPProtocol`, value.protocol);
    pairs.number(`${prefix}IPTOS`, value.tos);
    printPorts(pairs, prefix, value);
  };

const ipv6 =
  (prefix: string): Print<ValueOf<typeof sampledIpv6>> =>
  (pairs, value) => {
    printSizes(pairs, prefix, "IPV6", value);
    pairs.address(`${prefix}srcIP6`, value.src_ip);
    pairs.address(`${prefix}dstIP6`, value.dst_ip);
    pairs.number(`${prefix}IPProtocol`, value.protocol);
    pairs.number(`${prefix}priority`, value.priority);
    printPorts(pairs, prefix, value);
  };

function printSizes(pairs: Pairs, prefix: string, kind: string, { length }: Partial<Ip>): void {
  pairs.word("flowSampleType", `${prefix}${kind}`);
  pairs.number(`${prefix}sampledPacketSize`, length);
  pairs.number(`${prefix}IPSize`, length);
}

/** For ICMP, prints dst_port as the ICMP type, because most senders put the type there. */
function printPorts(pairs: Pairs, prefix: string, { protocol, src_port, dst_port, tcp_flags }: Partial<Ip>): void {
  if (protocol === 1) pairs.number(`${prefix}ICMPType`, dst_port);
  const name = protocol === 6 ? "TCP" : protocol === 17 ? "UDP" : undefined;
  if (name === undefined) return;
  pairs.number(`${prefix}${name}SrcPort`, src_port);
  pairs.number(`${prefix}${name}DstPort`, dst_port);
  if (protocol === 6) pairs.number(`${prefix}TCPFlags`, tcp_flags);
}

export const sampledRules: readonly Rule[] = [
  rule(sampledEthernet, ethernet("")),
  rule(extendedL2TunnelEgress, ethernet("tunnel_l2_out_")),
  rule(extendedL2TunnelIngress, ethernet("tunnel_l2_in_")),
  rule(sampledIpv4, ipv4("")),
  rule(extendedIpv4TunnelEgress, ipv4("tunnel_ipv4_out_")),
  rule(extendedIpv4TunnelIngress, ipv4("tunnel_ipv4_in_")),
  rule(sampledIpv6, ipv6("")),
  rule(extendedIpv6TunnelEgress, ipv6("tunnel_ipv6_out_")),
  rule(extendedIpv6TunnelIngress, ipv6("tunnel_ipv6_in_")),
];
