// A network interface as the kernel describes it. linux/if_link.h, rtnetlink(7).

import type { BondMember, BondSettings, LacpCounters } from "../netlink/bond.ts";
import type { LinkStats } from "../netlink/link-stats.ts";

export interface Adaptor {
  readonly index: number;
  readonly name: string;
  readonly alias: string | undefined;
  /** Empty where the link layer has none. */
  readonly mac: Uint8Array;
  /** ARPHRD_*: 1 Ethernet, 772 loopback, 65534 none. linux/if_arp.h */
  readonly hardwareType: number;
  /** IFLA_INFO_KIND: "veth", "bridge", "bond", "vlan", "tun"...; undefined for hardware. */
  readonly kind: string | undefined;
  /** IFF_UP; and operstate up, or unknown while running, as for lo and tun. */
  readonly adminUp: boolean;
  readonly operUp: boolean;
  readonly loopback: boolean;
  readonly promiscuous: boolean;
  /** bit/s; 0 unknown. */
  readonly speed: number;
  readonly duplex: "full" | "half" | "unknown";
  /** ifIndex of the bridge or bond this one belongs to; 0 none. */
  readonly master: number;
  /**
   * IFLA_LINK: the interface below (VLAN) or the peer (veth), in namespace `linkNamespace` where that is not undefined.
   */
  readonly link: number;
  readonly linkNamespace: number | undefined;
  /** Text, with prefix length. */
  readonly addresses: readonly AdaptorAddress[];
}

export interface AdaptorAddress {
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  /** IFA_F_* and RT_SCOPE_*, linux/if_addr.h */
  readonly flags: number;
  readonly scope: number;
}

/** What the kernel says of a member of a bond, and of the bond. */
export interface Bonding {
  readonly member: BondMember;
  readonly bond: Adaptor;
  readonly settings: BondSettings;
  /** Undefined where the bond runs no LACP, or the kernel is older than 5.0. */
  readonly lacp: LacpCounters | undefined;
}

export type AdaptorChange =
  | { readonly kind: "added" | "changed"; readonly adaptor: Adaptor }
  | { readonly kind: "removed"; readonly adaptor: Adaptor };

/** Kept current by netlink notices; a list of the moment, never a copy to keep. */
export interface Interfaces {
  all(): readonly Adaptor[];
  byIndex(index: number): Adaptor | undefined;
  byName(name: string): Adaptor | undefined;
  /** Fresh from the kernel, never older than 100 ms. */
  counters(index: number): LinkStats | undefined;
  /** Fresh from the kernel; undefined for what is no member of a bond. */
  bonding(index: number): Bonding | undefined;
  /**
   * Asks for counter samples of an interface whatever its kind: one that is tapped, or that sampled packets go through.
   * The function returned takes this wish back.
   */
  poll(index: number): () => void;
  /** The interfaces asked for. A change of this set is told to listeners as a change of the adaptor. */
  readonly polled: ReadonlySet<number>;
  /** Called after the table has changed. The function returned takes the listener out. */
  onChange(listener: (change: AdaptorChange) => void): () => void;
}
