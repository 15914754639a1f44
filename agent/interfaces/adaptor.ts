// A network interface as the kernel and port providers describe it, and the contract of such a provider. See
// linux/if_link.h, rtnetlink(7).

import type { BondMember, BondSettings, LacpCounters } from "../netlink/bond.ts";
import type { LinkStats } from "../netlink/link-stats.ts";
import type { CounterRecord } from "../sflow/record.ts";

export interface Adaptor {
  readonly index: number;
  /** The name in logs, commands and samples. */
  readonly name: string;
  /** The kernel's name, for files and sockets. It differs from `name` only where a port provider has another name. */
  readonly device: string;
  /** Further names of the kernel: "altname" of ip-link(8). */
  readonly alternativeNames: readonly string[];
  readonly alias: string | undefined;
  /** MAC address. Empty if the link layer has no addresses. */
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
  /** Speed in bit/s; 0 if unknown. */
  readonly speed: number;
  readonly duplex: "full" | "half" | "unknown";
  /** ifIndex of the bridge, bond or VRF that this interface is a member of; 0 for none. */
  readonly master: number;
  /**
   * IFLA_LINK: ifIndex of the parent interface (VLAN) or of the peer (veth). That interface is in the network namespace
   * `linkNamespace`, or in the same namespace as this interface if `linkNamespace` is undefined.
   */
  readonly link: number;
  readonly linkNamespace: number | undefined;
  readonly addresses: readonly AdaptorAddress[];
  /** Whether this is a port of the switch, as a port provider reports it. Undefined if no provider knows. */
  readonly switchPort: boolean | undefined;
  /** Keyword of the port provider whose counters replace the kernel's; undefined for the kernel's counters. */
  readonly countersFrom: string | undefined;
}

/** An address of an interface. */
export interface AdaptorAddress {
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  /** IFA_F_* and RT_SCOPE_*, linux/if_addr.h */
  readonly flags: number;
  readonly scope: number;
}

/** State of a member interface of a bond, and of the bond itself. */
export interface Bonding {
  readonly member: BondMember;
  readonly bond: Adaptor;
  readonly settings: BondSettings;
  /** Undefined if the bond does not use LACP, and before Linux 5.0. */
  readonly lacp: LacpCounters | undefined;
}

export type AdaptorChange =
  | { readonly kind: "added" | "changed"; readonly adaptor: Adaptor }
  | { readonly kind: "removed"; readonly adaptor: Adaptor };

/**
 * A block that knows more about some interfaces than the kernel, as the software of a switch does.
 *
 * Its methods are called at each change of an interface and for each sample. So they return at once, with values that
 * the block keeps, and they must not call `Interfaces`. A provider finds its port by `adaptor.index` or
 * `adaptor.device`.
 *
 * If a method throws, the error is logged at most once a minute, and the result counts as undefined.
 */
export interface PortProvider {
  /** Keyword of the block. Each provider has its own. */
  readonly keyword: string;
  /**
   * Describes a port of the switch. `adaptor` is the kernel's description. Providers are asked in the order in which
   * they registered, until one returns a description. Undefined means that this provider does not know the interface.
   * "not-a-port" means that the interface is known but not a port of the switch. Such an interface is polled only if a
   * block requests counter samples of it.
   */
  facts(adaptor: Adaptor): PortFacts | "not-a-port" | undefined;
  /**
   * Returns the counters of the hardware, for ports whose kernel counters cover only traffic of the switch's CPU.
   * Called only for ports that `facts` of this provider describes. While the counters are unknown, returns undefined,
   * and no sample of the port is sent: a collector could not distinguish the kernel's counters from the hardware's.
   */
  counters?(adaptor: Adaptor): LinkStats | undefined;
  /**
   * Returns records for the sample of an interface, such as optics, queues or pause frames. Called for every polled
   * interface. If two providers return records of the same format, only those of the first provider are sent. A record
   * of a provider also replaces the agent's own record of the same format. For example, a provider's if_counters may
   * include a broadcast count.
   */
  records?(adaptor: Adaptor): readonly CounterRecord[] | undefined;
}

/** A description of a port. The kernel's value is used for each field that is missing here. */
export interface PortFacts {
  readonly name?: string;
  readonly alias?: string;
  /** Speed in bit/s; 0 if unknown. The default sampling rate depends on the speed. */
  readonly speed?: number;
}

/** Handle of a registered provider. */
export interface Provision {
  /** The provider calls this when descriptions have changed. Calls the provider's `facts` for all interfaces again. */
  changed(): void;
  /** Withdraws the provider. */
  close(): void;
}

/** The interfaces of this network namespace, kept current. Ask again instead of keeping a result. */
export interface Interfaces {
  all(): readonly Adaptor[];
  byIndex(index: number): Adaptor | undefined;
  /** Finds an interface by its name, or else by one of the kernel's names. */
  byName(name: string): Adaptor | undefined;
  /** Reads counters from the port provider that has hardware counters, or else from the kernel (at most 100 ms old). */
  counters(index: number): LinkStats | undefined;
  /** Reads the state of a member of a bond from the kernel; undefined for other interfaces. */
  bonding(index: number): Bonding | undefined;
  /** Reads the records that port providers add to the counters sample of an interface. */
  portRecords(index: number): readonly CounterRecord[];
  /** Uses a port provider from now on. Listeners are called for each interface that it describes differently. */
  provide(provider: PortProvider): Provision;
  /**
   * Requests counter samples of an interface of any kind, for example because packets are sampled on it. Returns a
   * function that withdraws the request.
   */
  poll(index: number): () => void;
  /** ifIndexes of interfaces requested by `poll`. Listeners are called when an interface enters or leaves this set. */
  readonly polled: ReadonlySet<number>;
  /** Calls `listener` after each change of the table. Returns a function that removes it. */
  onChange(listener: (change: AdaptorChange) => void): () => void;
}
