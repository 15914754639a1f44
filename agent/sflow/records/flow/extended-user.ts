// User names at both ends; charsets are MIBenum numbers, 106 is UTF-8. See sFlow v5, section 5 "extended_user".

import { opaque, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedUser = flowType("extended_user", 1004, {
  src_charset: uint32,
  src_user: opaque(),
  dst_charset: uint32,
  dst_user: opaque(),
});
