// The route of a Fibre Channel frame. See the sFlow.org structure number registry, "extended_fc".

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedFc = flowType("extended_fc", 1018, {
  src_mask_len: uint32,
  dst_mask_len: uint32,
  /** An address of 24 bits. */
  next_hop: uint32,
  metric: uint32,
});
