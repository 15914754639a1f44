// A network interface as the kernel and port providers describe it, and the contract of such a provider. See
// linux/if_link.h, rtnetlink(7).

import type { BondMember, BondSettings, LacpCounters } from "../netlink/bond.ts";
import type { LinkStats } from "../netlink/link-stats.ts";
import type { CounterRecord } from "../sflow/record.ts";

export interface Adaptor {
  readonly index: number;
  /** The name that people and collectors see. */
  readonly name: string;
  /** The kernel's name, for files and sockets. It differs from `name` only where a port provider has another name. */
  readonly device: string;
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
  /** A port provider says that this is a port of the switch, or that it is none; undefined where no provider knows. */
  readonly switchPort: boolean | undefined;
  /** Keyword of the port provider whose counters replace the kernel's; undefined for the kernel's counters. */
  readonly countersFrom: string | undefined;
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

/**
 * A block that knows more about some interfaces than the kernel, as the software of a switch does.
 *
 * It is asked for each change of an interface and for each sample, so it answers at once, from values that the block
 * keeps. It must not call `Interfaces` while it answers. It finds its port by `adaptor.index` or `adaptor.device`.
 *
 * A method that throws is logged, at most once a minute, and counts as the answer undefined.
 */
export interface PortProvider {
  /** Keyword of the block. Each provider has its own. */
  readonly keyword: string;
  /**
   * Describes a port of the switch. `adaptor` is as the kernel describes it. The first provider that answers describes
   * the interface, in the order in which the blocks provided; undefined leaves the interface to the next one.
   * "not-a-port" is an answer too: the interface is known, and is not polled unless a block requests it.
   */
  facts(adaptor: Adaptor): PortFacts | "not-a-port" | undefined;
  /**
   * Returns the counters of the hardware, where the kernel counts only what the CPU of the switch sends and receives.
   * Asked only for ports that `facts` of this provider describes. Undefined while the counters are unknown: the port
   * then has no sample, because a collector cannot tell the kernel's counters from these.
   */
  counters?(adaptor: Adaptor): LinkStats | undefined;
  /**
   * Returns records for the sample of an interface, such as optics, queues or pause frames. Every provider is asked
   * about every interface that is polled. If two providers have records of one format, those of the first are sent.
   * They also replace the agent's own record of that format, such as if_counters by one that counts broadcast.
   */
  records?(adaptor: Adaptor): readonly CounterRecord[] | undefined;
}

/** A description of a port. The kernel's value stays where a field is missing. */
export interface PortFacts {
  readonly name?: string;
  readonly alias?: string;
  /** bit/s; 0 unknown. The sampling rate follows from it. */
  readonly speed?: number;
}

/** A provider in use. */
export interface Provision {
  /** Asks for the facts of all interfaces again. The provider calls it when some of them have changed. */
  changed(): void;
  /** Withdraws the provider. */
  close(): void;
}

/** The interfaces of this network namespace, kept current. Ask again instead of keeping a result. */
export interface Interfaces {
  all(): readonly Adaptor[];
  byIndex(index: number): Adaptor | undefined;
  /** Finds an interface by its name, or else by the kernel's name. */
  byName(name: string): Adaptor | undefined;
  /** Reads counters from the kernel, at most 100 ms old, or from the port provider that has those of the hardware. */
  counters(index: number): LinkStats | undefined;
  /** Reads the state of a member of a bond from the kernel; undefined for other interfaces. */
  bonding(index: number): Bonding | undefined;
  /** Reads the records that port providers add to the counters sample of an interface. */
  portRecords(index: number): readonly CounterRecord[];
  /** Uses a port provider from now on. Listeners are called for each interface that it describes differently. */
  provide(provider: PortProvider): Provision;
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
