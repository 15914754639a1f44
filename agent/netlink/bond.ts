// Bonds, their members, and counters of LACP. See "IFLA_BOND" in linux/if_link.h, and linux/if_bonding.h.

import { bytesOf, eachAttribute, unsigned, unsigned64 } from "./attribute.ts";
import type { Message } from "./message.ts";

export const BondMode = {
  roundRobin: 0,
  activeBackup: 1,
  xor: 2,
  broadcast: 3,
  ieee8023ad: 4,
  tlb: 5,
  alb: 6,
} as const;

const IFLA_BOND = { mode: 1, lacpRate: 21, info: 23, actorSystem: 26, lacpActive: 29 } as const;
const IFLA_BOND_AD_INFO_PARTNER_MAC = 5;
const IFLA_BOND_SLAVE = { state: 1, miiStatus: 2, aggregator: 6, actorState: 7, partnerState: 8 } as const;

export interface BondSettings {
  /** The mode, a BondMode. */
  readonly mode: number;
  /** True if the bond requests an LACPDU from its partner every second instead of every 30 s. */
  readonly fastRate: boolean;
  /** True if the bond sends LACPDUs first, false if it waits for the partner. */
  readonly lacpActive: boolean;
  /**
   * System address set by the administrator. All zero if not set: then the bond's own address is used. Undefined
   * without CAP_NET_ADMIN.
   */
  readonly actorSystem: Uint8Array | undefined;
  /** System address of the partner of the active aggregator; undefined without LACP. */
  readonly partnerSystem: Uint8Array | undefined;
}

export interface BondMember {
  /** True for a member that carries traffic, false for a backup. */
  readonly active: boolean;
  /** True while the link monitor of the bond reports the member as up. */
  readonly linkUp: boolean;
  /** LACP state bits of IEEE 802.1AX; undefined without LACP. */
  readonly actorState: number | undefined;
  readonly partnerState: number | undefined;
}

export function readBondSettings(view: DataView, start: number, size: number): BondSettings {
  const bond: { -readonly [K in keyof BondSettings]: BondSettings[K] } = {
    mode: BondMode.roundRobin,
    fastRate: false,
    lacpActive: true,
    actorSystem: undefined,
    partnerSystem: undefined,
  };
  eachAttribute(view, start, start + size, (type, at, length) => {
    if (type === IFLA_BOND.mode) bond.mode = unsigned(view, at, length);
    else if (type === IFLA_BOND.lacpRate) bond.fastRate = unsigned(view, at, length) === 1;
    else if (type === IFLA_BOND.lacpActive) bond.lacpActive = unsigned(view, at, length) === 1;
    else if (type === IFLA_BOND.actorSystem) bond.actorSystem = bytesOf(view, at, length);
    else if (type === IFLA_BOND.info) bond.partnerSystem = readPartner(view, at, length);
  });
  return bond;
}

function readPartner(view: DataView, start: number, size: number): Uint8Array | undefined {
  let partner: Uint8Array | undefined;
  eachAttribute(view, start, start + size, (type, at, length) => {
    if (type === IFLA_BOND_AD_INFO_PARTNER_MAC) partner = bytesOf(view, at, length);
  });
  return partner;
}

export function readBondMember(view: DataView, start: number, size: number): BondMember {
  const member: { -readonly [K in keyof BondMember]: BondMember[K] } = {
    active: false,
    linkUp: false,
    actorState: undefined,
    partnerState: undefined,
  };
  eachAttribute(view, start, start + size, (type, at, length) => {
    if (type === IFLA_BOND_SLAVE.state) member.active = unsigned(view, at, length) === 0;
    else if (type === IFLA_BOND_SLAVE.miiStatus) member.linkUp = unsigned(view, at, length) === 0;
    else if (type === IFLA_BOND_SLAVE.actorState) member.actorState = unsigned(view, at, length);
    else if (type === IFLA_BOND_SLAVE.partnerState) member.partnerState = unsigned(view, at, length);
  });
  return member;
}

/** Names of the counters BOND_3AD_STAT_*, in the order of the kernel. */
const LACP_COUNTERS = [
  "lacpduRx",
  "lacpduTx",
  "lacpduUnknownRx",
  "lacpduIllegalRx",
  "markerRx",
  "markerTx",
  "markerResponseRx",
  "markerResponseTx",
  "markerUnknownRx",
] as const;

export type LacpCounters = { readonly [K in (typeof LACP_COUNTERS)[number]]: number | undefined };

const IF_STATS_MSG_BYTES = 12;
/** Types of three nested attributes: IFLA_STATS_LINK_XSTATS_SLAVE, LINK_XSTATS_TYPE_BOND, BOND_XSTATS_3AD. */
const NEST = [3, 2, 1] as const;

/** Reads an answer to `memberStatsRequest`. Returns undefined without LACP, or before Linux 5.0. */
export function readLacpCounters({ view, start, end }: Message): LacpCounters | undefined {
  const found: { -readonly [K in keyof LacpCounters]?: number } = {};
  const descend = (depth: number, from: number, to: number): void =>
    eachAttribute(view, from, to, (type, at, length) => {
      if (type === NEST[depth]) descend(depth + 1, at, at + length);
      const name = depth === NEST.length ? LACP_COUNTERS[type] : undefined;
      if (name !== undefined && length >= 8) found[name] = unsigned64(view, at);
    });
  descend(0, start + IF_STATS_MSG_BYTES, end);
  if (Object.keys(found).length === 0) return undefined;
  return Object.fromEntries(LACP_COUNTERS.map((name) => [name, found[name]])) as LacpCounters;
}
