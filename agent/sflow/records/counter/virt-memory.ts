// Memory of a virtual machine or container, in bytes: used, and the most it may use. See sFlow Host Structures,
// "virt_memory".

import { uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const virtMemory = counterType("virt_memory", 2102, {
  memory: uint64,
  maxMemory: uint64,
});
