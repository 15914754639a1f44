// The length of the queue of a packet. See the sFlow.org structure number registry, "extended_queue_length".

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedQueueLength = flowType("extended_queue_length", 1019, {
  queueIndex: uint32,
  /** Length in segments, whose size is in the counter record queue_length. */
  queueLength: uint32,
});
