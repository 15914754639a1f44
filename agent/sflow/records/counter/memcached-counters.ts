// A memcache server. Deprecated by memcache_counters. See the sFlow.org structure number registry.

import { counter32, counter64, uint32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const memcachedCounters = counterType("memcached_counters", 2200, {
  /** Time in seconds, and processor times in milliseconds. */
  uptime: counter32,
  rusage_user: counter32,
  rusage_system: counter32,
  curr_connections: uint32,
  total_connections: counter32,
  connection_structures: uint32,
  cmd_get: counter32,
  cmd_set: counter32,
  cmd_flush: counter32,
  get_hits: counter32,
  get_misses: counter32,
  delete_misses: counter32,
  delete_hits: counter32,
  incr_misses: counter32,
  incr_hits: counter32,
  decr_misses: counter32,
  decr_hits: counter32,
  cas_misses: counter32,
  cas_hits: counter32,
  cas_badval: counter32,
  auth_cmds: counter32,
  auth_errors: counter32,
  bytes_read: counter64,
  bytes_written: counter64,
  limit_maxbytes: uint32,
  accepting_conns: uint32,
  listen_disabled_num: counter32,
  threads: uint32,
  conn_yields: counter32,
  bytes: uint64,
  curr_items: uint32,
  total_items: counter32,
  evictions: counter32,
});
