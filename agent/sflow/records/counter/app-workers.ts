// Worker threads or processes of an application. See sFlow Application Structures, "app_workers".

import { counter32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const appWorkers = counterType("app_workers", 2206, {
  workers_active: uint32,
  workers_idle: uint32,
  workers_max: uint32,
  req_delayed: counter32,
  req_dropped: counter32,
});
