// The name of the skb drop reason in the kernel. See the sFlow.org structure number registry,
// "extended_linux_drop_reason".

import { string } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedLinuxDropReason = flowType("extended_linux_drop_reason", 1042, {
  reason: string(64),
});
