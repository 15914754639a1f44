// The access list entry that dropped a packet. sFlow Discarded Packet Notification Structures, "extended_acl".

import { string, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedAcl = flowType("extended_acl", 1037, {
  number: uint32,
  name: string(),
  /** 0 unknown, 1 ingress, 2 egress. */
  direction: uint32,
});
