// The label stacks before and after forwarding, top first. See sFlow v5, section 5 "extended_mpls"; RFC 3032.

import { array, uint32 } from "../../../xdr/type.ts";
import { address } from "../../address.ts";
import { flowType } from "../../record.ts";

export const extendedMpls = flowType("extended_mpls", 1006, {
  nexthop: address,
  in_stack: array(uint32),
  out_stack: array(uint32),
});
