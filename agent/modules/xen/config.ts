// xen { }: counters of Xen virtual machines. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { regex } from "../../config/regex.ts";
import { onoff, path } from "../../config/word.ts";
import { defineModule } from "../module.ts";

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
