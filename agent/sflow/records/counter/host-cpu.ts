// Load and processor times of a host, summed over its processors. See sFlow Host Structures, "host_cpu".

import { counter32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";
import { loadAverage } from "../../scalar.ts";

export const hostCpu = counterType(
  "host_cpu",
  2003,
  {
    load_one: loadAverage,
    load_five: loadAverage,
    load_fifteen: loadAverage,
    proc_run: uint32,
    proc_total: uint32,
    cpu_num: uint32,
    /** Clock rate in MHz. */
    cpu_speed: uint32,
    /** Seconds since boot. */
    uptime: uint32,
    /** Times in milliseconds, from here on. */
    cpu_user: counter32,
    cpu_nice: counter32,
    cpu_system: counter32,
    cpu_idle: counter32,
    cpu_wio: counter32,
    cpu_intr: counter32,
    cpu_sintr: counter32,
    interrupts: counter32,
    contexts: counter32,
    /** The fields from here on were appended in 2014. */
    cpu_steal: counter32,
    cpu_guest: counter32,
    cpu_guest_nice: counter32,
  },
  3,
);
