// The data source that contains this data source: for a container, its host. See sFlow Host Structures, "host_parent".

import { uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const hostParent = counterType("host_parent", 2002, {
  container_type: uint32,
  container_index: uint32,
});
