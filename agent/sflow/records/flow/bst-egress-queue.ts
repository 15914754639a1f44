// The egress queue of a packet in a Broadcom switch. See sFlow Broadcom Switch ASIC Structures.

import { uint32 } from "../../../xdr/type.ts";
import { dataFormat } from "../../data-format.ts";
import { flowType } from "../../record.ts";

export const bstEgressQueue = flowType("extended_bst_egress_queue", dataFormat(4413, 1), { queue: uint32 });
