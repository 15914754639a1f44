// Requests of an HTTP server by method and by status. See sFlow HTTP Structures, "http_counters".

import { counter32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const httpCounters = counterType("http_counters", 2201, {
  method_option_count: counter32,
  method_get_count: counter32,
  method_head_count: counter32,
  method_post_count: counter32,
  method_put_count: counter32,
  method_delete_count: counter32,
  method_trace_count: counter32,
  method_connect_count: counter32,
  method_other_count: counter32,
  status_1XX_count: counter32,
  status_2XX_count: counter32,
  status_3XX_count: counter32,
  status_4XX_count: counter32,
  status_5XX_count: counter32,
  status_other_count: counter32,
});
