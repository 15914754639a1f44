// The flow cache of an Open vSwitch datapath. See the sFlow.org structure number registry, "ovs_dp_stats".

import { counter32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const ovsDpStats = counterType("ovs_dp_stats", 2207, {
  hits: counter32,
  misses: counter32,
  lost: counter32,
  mask_hits: counter32,
  flows: uint32,
  masks: uint32,
});
