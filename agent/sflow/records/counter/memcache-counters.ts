// A memcache server. See sFlow Memcache Structures, "memcache_counters".

import { counter32, counter64, uint32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const memcacheCounters = counterType("memcache_counters", 2204, {
  cmd_set: counter32,
  cmd_touch: counter32,
  cmd_flush: counter32,
  get_hits: counter32,
  get_misses: counter32,
  delete_hits: counter32,
  delete_misses: counter32,
  incr_hits: counter32,
  incr_misses: counter32,
  decr_hits: counter32,
  decr_misses: counter32,
  cas_hits: counter32,
  cas_misses: counter32,
  cas_badval: counter32,
  auth_cmds: counter32,
  auth_errors: counter32,
  threads: uint32,
  conn_yields: counter32,
  listen_disabled_num: counter32,
  curr_connections: uint32,
  rejected_connections: counter32,
  total_connections: counter32,
  connection_structures: uint32,
  evictions: counter32,
  reclaimed: counter32,
  curr_items: uint32,
  total_items: counter32,
  bytes_read: counter64,
  bytes_written: counter64,
  bytes: uint64,
  limit_maxbytes: uint64,
});
