// The time of the packet, in nanoseconds of the UNIX epoch. See the sFlow.org structure number registry,
// "extended_timestamp".

import { uint64 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedTimestamp = flowType("extended_timestamp", 1043, {
  nanoseconds: uint64,
});
