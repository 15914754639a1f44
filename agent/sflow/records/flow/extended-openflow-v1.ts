// The OpenFlow 1.0 entry that matched a packet. Deprecated. See the sFlow.org structure number registry.

import { uint32, uint64 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedOpenflowV1 = flowType("extended_openflow_v1", 1017, {
  flow_cookie: uint64,
  flow_match: uint32,
  flow_actions: uint32,
});
