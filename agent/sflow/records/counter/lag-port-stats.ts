// A member of a link aggregation group. See sFlow LAG Port Statistics, "lag_port_stats"; IEEE8023-LAG-MIB.

import { counter32, fixedOpaque, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";
import { mac } from "../../scalar.ts";

export const lagPortStats = counterType("lag_port_stats", 7, {
  dot3adAggPortActorSystemID: mac,
  dot3adAggPortPartnerOperSystemID: mac,
  /** ifIndex of the aggregate. */
  dot3adAggPortAttachedAggID: uint32,
  /** LACP state bits, a byte each: actor admin, actor oper, partner admin, partner oper. */
  dot3adAggPortState: fixedOpaque(4),
  dot3adAggPortStatsLACPDUsRx: counter32,
  dot3adAggPortStatsMarkerPDUsRx: counter32,
  dot3adAggPortStatsMarkerResponsePDUsRx: counter32,
  dot3adAggPortStatsUnknownRx: counter32,
  dot3adAggPortStatsIllegalRx: counter32,
  dot3adAggPortStatsLACPDUsTx: counter32,
  dot3adAggPortStatsMarkerPDUsTx: counter32,
  dot3adAggPortStatsMarkerResponsePDUsTx: counter32,
});
