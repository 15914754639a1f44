// The bytes in the queue when the packet joined it. extended_egress_queue names the queue. See sFlow Transit Delay
// Structures, "extended_queue".

import { flowType } from "../../record.ts";
import { saturating32 } from "../../scalar.ts";

export const extendedQueue = flowType("extended_queue", 1040, {
  depth: saturating32,
});
