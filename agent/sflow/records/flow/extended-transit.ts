// The time that a packet spent in the device, in nanoseconds. See sFlow Transit Delay Structures, "extended_transit".

import { flowType } from "../../record.ts";
import { saturating32 } from "../../scalar.ts";

export const extendedTransit = flowType("extended_transit", 1039, {
  delay: saturating32,
});
