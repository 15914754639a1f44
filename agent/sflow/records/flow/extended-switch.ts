// The VLAN and priority before and after forwarding. See sFlow v5, section 5 "extended_switch", and its erratum on
// unknown values.

import { flowType } from "../../record.ts";
import { maybe32 } from "../../scalar.ts";

export const extendedSwitch = flowType("extended_switch", 1001, {
  src_vlan: maybe32,
  src_priority: maybe32,
  dst_vlan: maybe32,
  dst_priority: maybe32,
});
