// The function that dropped a packet. See sFlow Discarded Packet Notification Structures, "extended_function".

import { string } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedFunction = flowType("extended_function", 1038, {
  symbol: string(),
});
