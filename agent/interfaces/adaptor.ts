// A network interface as the kernel describes it. linux/if_link.h, rtnetlink(7).

import type { BondMember, BondSettings, LacpCounters } from "../netlink/bond.ts";
import type { LinkStats } from "../netlink/link-stats.ts";

export interface Adaptor {
  readonly index: number;
  readonly name: string;
  readonly alias: string | undefined;
  /** Empty where the link layer has no address. */
  readonly mac: Uint8Array;
  /** ARPHRD_*: 1 Ethernet, 772 loopback, 65534 none. linux/if_arp.h */
  readonly hardwareType: number;
  /** IFLA_INFO_KIND: "veth", "bridge", "bond", "vlan", "tun"...; undefined for hardware. */
  readonly kind: string | undefined;
  /** `adminUp`: IFF_UP. `operUp`: operstate up, or unknown and running, as for lo and tun. */
  readonly adminUp: boolean;
  readonly operUp: boolean;
  readonly loopback: boolean;
  readonly promiscuous: boolean;
  /** bit/s; 0 unknown. */
  readonly speed: number;
  readonly duplex: "full" | "half" | "unknown";
  /** ifIndex of the bridge, bond or VRF that it is a member of; 0 for none. */
  readonly master: number;
  /**
   * IFLA_LINK: ifIndex of the interface below (VLAN) or of the peer (veth). It is in namespace `linkNamespace`; where
   * that is undefined, in this one.
   */
  readonly link: number;
  readonly linkNamespace: number | undefined;
  readonly addresses: readonly AdaptorAddress[];
}

export interface AdaptorAddress {
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  /** IFA_F_* and RT_SCOPE_*, linux/if_addr.h */
  readonly flags: number;
  readonly scope: number;
}

/** State of a member of a bond, and of the bond. */
export interface Bonding {
  readonly member: BondMember;
  readonly bond: Adaptor;
  readonly settings: BondSettings;
  /** Undefined where the bond runs no LACP, or before Linux 5.0. */
  readonly lacp: LacpCounters | undefined;
}

export type AdaptorChange =
  | { readonly kind: "added" | "changed"; readonly adaptor: Adaptor }
  | { readonly kind: "removed"; readonly adaptor: Adaptor };

/** The interfaces of this network namespace, kept current. Ask again instead of keeping a result. */
export interface Interfaces {
  all(): readonly Adaptor[];
  byIndex(index: number): Adaptor | undefined;
  byName(name: string): Adaptor | undefined;
  /** Reads counters from the kernel. They are at most 100 ms old. */
  counters(index: number): LinkStats | undefined;
  /** Reads the state of a member of a bond from the kernel; undefined for other interfaces. */
  bonding(index: number): Bonding | undefined;
  /**
   * Requests counter samples of an interface, whatever its kind: it is tapped, or sampled packets pass through it.
   * Returns a function that withdraws the request.
   */
  poll(index: number): () => void;
  /** ifIndexes of requested interfaces. A change of this set is reported to listeners as a change of the adaptor. */
  readonly polled: ReadonlySet<number>;
  /** Calls `listener` after each change of the table. Returns a function that removes it. */
  onChange(listener: (change: AdaptorChange) => void): () => void;
}
