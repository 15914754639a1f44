// The URL of an HTTP request. Deprecated. See sFlow v5, section 5 "extended_url".

import { string, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedUrl = flowType("extended_url", 1005, {
  /** The server: 1 is the source of the packet, 2 its destination. */
  direction: uint32,
  url: string(),
  host: string(),
});
