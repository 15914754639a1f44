// Resources used by all processes of an application. See sFlow Application Structures, "app_resources".

import { counter32, uint32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const appResources = counterType("app_resources", 2203, {
  /** Times in milliseconds. */
  user_time: counter32,
  system_time: counter32,
  /** Sizes in bytes. */
  mem_used: uint64,
  mem_max: uint64,
  fd_open: uint32,
  fd_max: uint32,
  conn_open: uint32,
  conn_max: uint32,
});
