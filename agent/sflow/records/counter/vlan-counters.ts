// Traffic of a VLAN; its data source has class smonVlanDataSource. See sFlow v5, section 5 "vlan_counters".

import { counter32, counter64, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const vlanCounters = counterType("vlan_counters", 5, {
  vlan_id: uint32,
  octets: counter64,
  ucastPkts: counter32,
  multicastPkts: counter32,
  broadcastPkts: counter32,
  discards: counter32,
});
