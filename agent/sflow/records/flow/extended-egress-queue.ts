// The queue chosen at the output port. See sFlow Discarded Packet Notification Structures, "extended_egress_queue".

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedEgressQueue = flowType("extended_egress_queue", 1036, {
  queue: uint32,
});
