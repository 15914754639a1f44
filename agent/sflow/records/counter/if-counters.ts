// Traffic and state of an interface. See sFlow v5, section 5 "if_counters"; RFC 2233.

import { counter32, counter64, uint32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const ifCounters = counterType("if_counters", 1, {
  ifIndex: uint32,
  ifType: uint32,
  ifSpeed: uint64,
  /** 0 unknown, 1 full duplex, 2 half duplex, 3 in, 4 out. */
  ifDirection: uint32,
  /** Bit 0 is the administrative state, bit 1 the operational state; 1 is up. */
  ifStatus: uint32,
  ifInOctets: counter64,
  ifInUcastPkts: counter32,
  ifInMulticastPkts: counter32,
  ifInBroadcastPkts: counter32,
  ifInDiscards: counter32,
  ifInErrors: counter32,
  ifInUnknownProtos: counter32,
  ifOutOctets: counter64,
  ifOutUcastPkts: counter32,
  ifOutMulticastPkts: counter32,
  ifOutBroadcastPkts: counter32,
  ifOutDiscards: counter32,
  ifOutErrors: counter32,
  ifPromiscuousMode: uint32,
});
