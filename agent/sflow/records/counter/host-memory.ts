// Memory and swap of a host, in bytes. See sFlow Host Structures, "host_memory".

import { counter32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const hostMemory = counterType("host_memory", 2004, {
  mem_total: uint64,
  mem_free: uint64,
  mem_shared: uint64,
  mem_buffers: uint64,
  mem_cached: uint64,
  swap_total: uint64,
  swap_free: uint64,
  page_in: counter32,
  page_out: counter32,
  swap_in: counter32,
  swap_out: counter32,
});
