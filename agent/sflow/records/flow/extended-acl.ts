// The access list entry that dropped a packet. See sFlow Discarded Packet Notification Structures, "extended_acl".

import { string, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedAcl = flowType("extended_acl", 1037, {
  number: uint32,
  name: string(),
  /** The direction: 0 is unknown, 1 ingress, 2 egress. */
  direction: uint32,
});
