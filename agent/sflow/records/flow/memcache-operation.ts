// One operation of a memcache server. See sFlow Memcache Structures, "memcache_operation".

import { string, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const memcacheOperation = flowType("memcache_operation", 2200, {
  protocol: uint32,
  cmd: uint32,
  key: string(255),
  nkeys: uint32,
  value_bytes: uint32,
  /** Duration in microseconds. */
  uS: uint32,
  status: uint32,
});
