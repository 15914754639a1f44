// Name and version of a Java virtual machine. See sFlow JVM Structures, "jvm_runtime".

import { string } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const jvmRuntime = counterType("jvm_runtime", 2105, {
  vm_name: string(64),
  vm_vendor: string(32),
  vm_version: string(32),
});
