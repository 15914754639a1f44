// The route of a packet: next hop and prefix lengths. See sFlow v5, section 5 "extended_router".

import { uint32 } from "../../../xdr/type.ts";
import { address } from "../../address.ts";
import { flowType } from "../../record.ts";

export const extendedRouter = flowType("extended_router", 1002, {
  nexthop: address,
  src_mask_len: uint32,
  dst_mask_len: uint32,
});
