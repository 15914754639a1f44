// The virtual circuit of a packet. See sFlow v5, section 5 "extended_mpls_vc".

import { string, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedMplsVc = flowType("extended_mpls_vc", 1009, {
  vc_instance_name: string(),
  vll_vc_id: uint32,
  vc_label_cos: uint32,
});
