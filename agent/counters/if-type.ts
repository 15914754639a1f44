// The ifType of a Linux interface. See IANAifType-MIB; linux/if_arp.h.

import type { Adaptor } from "../interfaces/adaptor.ts";

export const IfType = {
  other: 1,
  ethernetCsmacd: 6,
  ppp: 23,
  softwareLoopback: 24,
  propVirtual: 53,
  ieee80211: 71,
  tunnel: 131,
  l2vlan: 135,
  ieee8023adLag: 161,
  infiniband: 199,
  bridge: 209,
} as const;

/** Types of the kinds that carry Ethernet frames but are not Ethernet. A veth and a tap are Ethernet to their users. */
const KINDS: Readonly<Record<string, number>> = {
  bond: IfType.ieee8023adLag,
  team: IfType.ieee8023adLag,
  bridge: IfType.bridge,
  openvswitch: IfType.bridge,
  vlan: IfType.l2vlan,
  vxlan: IfType.tunnel,
  geneve: IfType.tunnel,
  gretap: IfType.tunnel,
  ip6gretap: IfType.tunnel,
  erspan: IfType.tunnel,
  ip6erspan: IfType.tunnel,
  bareudp: IfType.tunnel,
  macsec: IfType.tunnel,
  wireguard: IfType.tunnel,
  dummy: IfType.propVirtual,
  ifb: IfType.propVirtual,
  macvlan: IfType.propVirtual,
  macvtap: IfType.propVirtual,
  ipvlan: IfType.propVirtual,
  ipvtap: IfType.propVirtual,
  vrf: IfType.propVirtual,
  nlmon: IfType.propVirtual,
};

/** Types by ARPHRD number. */
const HARDWARE: Readonly<Record<number, number>> = {
  1: IfType.ethernetCsmacd,
  32: IfType.infiniband,
  512: IfType.ppp,
  519: IfType.tunnel,
  768: IfType.tunnel,
  769: IfType.tunnel,
  772: IfType.softwareLoopback,
  776: IfType.tunnel,
  778: IfType.tunnel,
  801: IfType.ieee80211,
  802: IfType.ieee80211,
  803: IfType.ieee80211,
  823: IfType.tunnel,
  65534: IfType.tunnel,
};

export const ifTypeOf = ({ kind, hardwareType }: Pick<Adaptor, "kind" | "hardwareType">): number =>
  KINDS[kind ?? ""] ?? HARDWARE[hardwareType] ?? IfType.other;
