// Network traffic of a host, summed over its adapters. See sFlow Host Structures, "host_net_io".

import { counter32, counter64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const hostNetIo = counterType("host_net_io", 2006, {
  bytes_in: counter64,
  pkts_in: counter32,
  errs_in: counter32,
  drops_in: counter32,
  bytes_out: counter64,
  pkts_out: counter32,
  errs_out: counter32,
  drops_out: counter32,
});
