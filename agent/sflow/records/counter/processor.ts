// Load and memory of a network device. See sFlow v5, section 5 "processor".

import { percentage, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const processor = counterType("processor", 1001, {
  "5s_cpu": percentage,
  "1m_cpu": percentage,
  "5m_cpu": percentage,
  /** Sizes in bytes. */
  total_memory: uint64,
  free_memory: uint64,
});
