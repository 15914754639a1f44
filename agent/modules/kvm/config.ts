// kvm { }: counters of KVM virtual machines. See hsflowd.conf(5).

import { defineModule } from "../module.ts";
import { forgetVMs, refreshVMs } from "../shared-options.ts";

export const kvm = defineModule({
  keyword: "kvm",
  help: "counters of KVM virtual machines, from libvirt",
  options: {
    refreshVMs: refreshVMs("virtual machines"),
    forgetVMs: forgetVMs("a virtual machine", "a virtual machine that is gone is forgotten at once"),
  },
});
