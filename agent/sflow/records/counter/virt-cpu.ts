// Processor time of a virtual machine or container. See sFlow Host Structures, "virt_cpu".

import { counter32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const virtCpu = counterType("virt_cpu", 2101, {
  /** virDomainState: 1 running, 3 paused, 5 shut off. */
  state: uint32,
  /** Time in milliseconds. */
  cpuTime: counter32,
  nrVirtCpu: uint32,
});
