// Reads the statistics of a member of a bond. See linux/if_bonding.h; sFlow LAG Port Statistics, "lag_port_stats"; IEEE
// 802.1AX, port states.

import type { Bonding } from "../interfaces/adaptor.ts";
import { BondMode } from "../netlink/bond.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { lagPortStats } from "../sflow/records/counter/lag-port-stats.ts";

const State = {
  activity: 0x01,
  shortTimeout: 0x02,
  aggregation: 0x04,
  synchronization: 0x08,
  collecting: 0x10,
  distributing: 0x20,
} as const;

const NO_MAC = new Uint8Array(6);
const macOr = (mac: Uint8Array | undefined, other: Uint8Array): Uint8Array =>
  mac?.length === 6 && mac.some((byte) => byte !== 0) ? mac : other;

export function readLagPortStats(bonding: Bonding): CounterRecord {
  const { bond, settings, lacp } = bonding;
  return counterRecord(lagPortStats, {
    dot3adAggPortActorSystemID: macOr(settings.actorSystem, macOr(bond.mac, NO_MAC)),
    dot3adAggPortPartnerOperSystemID: macOr(settings.partnerSystem, NO_MAC),
    dot3adAggPortAttachedAggID: bond.index,
    dot3adAggPortState: portState(bonding),
    dot3adAggPortStatsLACPDUsRx: lacp?.lacpduRx,
    dot3adAggPortStatsMarkerPDUsRx: lacp?.markerRx,
    dot3adAggPortStatsMarkerResponsePDUsRx: lacp?.markerResponseRx,
    dot3adAggPortStatsUnknownRx: sum(lacp?.lacpduUnknownRx, lacp?.markerUnknownRx),
    dot3adAggPortStatsIllegalRx: lacp?.lacpduIllegalRx,
    dot3adAggPortStatsLACPDUsTx: lacp?.lacpduTx,
    dot3adAggPortStatsMarkerPDUsTx: lacp?.markerTx,
    dot3adAggPortStatsMarkerResponsePDUsTx: lacp?.markerResponseTx,
  });
}

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

/** Returns four states: actor admin, actor oper, partner admin (Linux has no such setting), partner oper. */
function portState({ member, settings }: Bonding): Uint8Array {
  if (settings.mode !== BondMode.ieee8023ad) return new Uint8Array([0, staticState(member), 0, 0]);
  const administered =
    State.aggregation | (settings.lacpActive ? State.activity : 0) | (settings.fastRate ? State.shortTimeout : 0);
  return new Uint8Array([administered, member.actorState ?? 0, 0, member.partnerState ?? 0]);
}

/** Returns the state of a member without LACP: whether it carries traffic. There is no partner. */
const staticState = ({ active, linkUp }: Bonding["member"]): number =>
  active && linkUp
    ? State.aggregation | State.synchronization | State.collecting | State.distributing
    : State.aggregation;
