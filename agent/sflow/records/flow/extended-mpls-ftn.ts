// The forwarding equivalence class that selected the path. See sFlow v5, section 5 "extended_mpls_FTN".

import { string, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedMplsFtn = flowType("extended_mpls_FTN", 1010, {
  mplsFTNDescr: string(),
  mplsFTNMask: uint32,
});
