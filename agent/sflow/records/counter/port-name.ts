// The name of a port. See sFlow OpenFlow Structures, "port_name".

import { string } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const portName = counterType("port_name", 1005, {
  name: string(255),
});
