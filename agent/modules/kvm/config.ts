// kvm { }: counters of KVM virtual machines. hsflowd.conf.

import { integer } from "../../config/number.ts";
import { defineModule } from "../module.ts";

export const kvm = defineModule({
  keyword: "kvm",
  help: "counters of KVM virtual machines, by libvirt",
  options: {
    refreshVMs: integer({
      help: "seconds between looks at the list",
      default: undefined,
      example: "60",
      min: 60,
      max: 3600,
    }),
    forgetVMs: integer({
      help: "seconds after which what is gone is forgotten",
      default: undefined,
      ignored: "a machine that is gone is forgotten at once",
      min: 60,
      max: 4_294_967_295,
    }),
  },
});
