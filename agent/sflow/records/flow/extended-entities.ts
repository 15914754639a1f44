// The data sources of the containers or services at both ends of a connection; 0:0 means unknown. See the sFlow.org
// structure number registry, "extended_entities".

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedEntities = flowType("extended_entities", 2210, {
  src_ds_class: uint32,
  src_ds_index: uint32,
  dst_ds_class: uint32,
  dst_ds_index: uint32,
});
