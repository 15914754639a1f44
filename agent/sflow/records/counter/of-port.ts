// The number of a port in its OpenFlow datapath. See sFlow OpenFlow Structures, "of_port".

import { uint32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const ofPort = counterType("of_port", 1004, {
  datapath_id: uint64,
  port_no: uint32,
});
