// Resources used by all processes of an application. sFlow Application Structures, "app_resources".

import { counter32, uint32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const appResources = counterType("app_resources", 2203, {
  /** Milliseconds. */
  user_time: counter32,
  system_time: counter32,
  /** Bytes. */
  mem_used: uint64,
  mem_max: uint64,
  fd_open: uint32,
  fd_max: uint32,
  conn_open: uint32,
  conn_max: uint32,
});
