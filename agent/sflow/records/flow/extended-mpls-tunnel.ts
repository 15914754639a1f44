// The label-switched path of a packet. See sFlow v5, section 5 "extended_mpls_tunnel".

import { string, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedMplsTunnel = flowType("extended_mpls_tunnel", 1008, {
  tunnel_lsp_name: string(),
  tunnel_id: uint32,
  tunnel_cos: uint32,
});
