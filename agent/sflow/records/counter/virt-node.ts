// Resources of a host for virtual machines and containers. See sFlow Host Structures, "virt_node".

import { uint32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const virtNode = counterType("virt_node", 2100, {
  mhz: uint32,
  cpus: uint32,
  /** Sizes in bytes. */
  memory: uint64,
  memory_free: uint64,
  num_domains: uint32,
});
