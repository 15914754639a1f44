// xen { }: counters of Xen virtual machines. See hsflowd.conf(5).

import { regex } from "../../config/regex.ts";
import { onoff, path } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { forgetVMs, refreshVMs } from "../shared-options.ts";

export const xen = defineModule({
  keyword: "xen",
  help: "counters of Xen virtual machines",
  options: {
    "update.dominfo": onoff({
      help: "query the state of a virtual machine for every sample",
      default: false,
      aliases: ["xen.update.dominfo"],
    }),
    dsk: onoff({ help: "report the disk counters of virtual machines", default: true, aliases: ["xen.dsk"] }),
    switchport: regex({
      help: "interfaces of virtual machines; groups: domain number, interface number",
      pattern: "vif[^0-9]*([0-9]+)\\.([0-9]+)$",
    }),
    vbd: path({ help: "directory of the block devices", default: undefined, example: "/sys/bus/xen-backend/devices" }),
    refreshVMs: refreshVMs("virtual machines"),
    forgetVMs: forgetVMs("a virtual machine", "a virtual machine that is gone is forgotten at once"),
  },
});
