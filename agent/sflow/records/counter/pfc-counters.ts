// Priority flow control of a port. See sFlow PFC Structures (draft 0.3), "pfc_counters"; IEEE8021-PFC-MIB.

import { counter32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const pfcCounters = counterType("pfc_counters", 11, {
  requests: counter32,
  indications: counter32,
  /** Duration in microseconds. */
  pause_duration: counter32,
  storm_detected: counter32,
  storm_restored: counter32,
});
