// kvm { }: counters of KVM virtual machines. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { defineModule } from "../module.ts";

export const kvm = defineModule({
  keyword: "kvm",
  help: "counters of KVM virtual machines, from libvirt",
  options: {
    refreshVMs: integer({
      help: "seconds between readings of the list of virtual machines",
      default: undefined,
      example: "60",
      min: 60,
      max: 3600,
    }),
    forgetVMs: integer({
      help: "seconds until a virtual machine that is gone is forgotten",
      default: undefined,
      ignored: "a virtual machine that is gone is forgotten at once",
      min: 60,
      max: 4_294_967_295,
    }),
  },
});
