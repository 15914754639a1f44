// The virtual network identifier of a tunnelled packet. See sFlow Tunnel Structures.

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

const fields = { vni: uint32 };

export const extendedVniEgress = flowType("extended_vni_egress", 1029, fields);
export const extendedVniIngress = flowType("extended_vni_ingress", 1030, fields);
