// Errors that an Ethernet interface counts. See sFlow v5, section 5 "ethernet_counters"; RFC 2358.

import { counter32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const ethernetCounters = counterType("ethernet_counters", 2, {
  dot3StatsAlignmentErrors: counter32,
  dot3StatsFCSErrors: counter32,
  dot3StatsSingleCollisionFrames: counter32,
  dot3StatsMultipleCollisionFrames: counter32,
  dot3StatsSQETestErrors: counter32,
  dot3StatsDeferredTransmissions: counter32,
  dot3StatsLateCollisions: counter32,
  dot3StatsExcessiveCollisions: counter32,
  dot3StatsInternalMacTransmitErrors: counter32,
  dot3StatsCarrierSenseErrors: counter32,
  dot3StatsFrameTooLongs: counter32,
  dot3StatsInternalMacReceiveErrors: counter32,
  dot3StatsSymbolErrors: counter32,
});
