// The offset of the inner header of a tunnelled packet, in bytes of the sampled header. See sFlow Tunnel Structures.

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

const fields = { inner_header_offset: uint32 };

export const extendedDecapsulateEgress = flowType("extended_decapsulate_egress", 1027, fields);
export const extendedDecapsulateIngress = flowType("extended_decapsulate_ingress", 1028, fields);
