// Addresses and ports after translation; if they were not translated, as in the header. See sFlow v5, section 5
// "extended_nat", and the NAT port errata.

import { uint32 } from "../../../xdr/type.ts";
import { address } from "../../address.ts";
import { flowType } from "../../record.ts";

export const extendedNat = flowType("extended_nat", 1007, {
  src_address: address,
  dst_address: address,
});

export const extendedNatPort = flowType("extended_nat_port", 1020, {
  src_port: uint32,
  dst_port: uint32,
});
