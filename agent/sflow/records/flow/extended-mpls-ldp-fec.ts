// The prefix length of the forwarding equivalence class. See sFlow v5, section 5 "extended_mpls_LDP_FEC".

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedMplsLdpFec = flowType("extended_mpls_LDP_FEC", 1011, {
  mplsFecAddrPrefixLength: uint32,
});
