// The devlink trap that dropped a packet. See the sFlow.org structure number registry, "extended_hw_trap".

import { string } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedHwTrap = flowType("extended_hw_trap", 1041, {
  group: string(64),
  trap: string(64),
});
