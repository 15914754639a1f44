// xen { }: counters of Xen virtual machines. hsflowd.conf.

import { integer } from "../../config/number.ts";
import { regex } from "../../config/regex.ts";
import { onoff, path } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const xen = defineModule({
  keyword: "xen",
  help: "counters of Xen virtual machines",
  options: {
    "update.dominfo": onoff({
      help: "ask for the state of a machine at every sample",
      default: false,
      aliases: ["xen.update.dominfo"],
    }),
    dsk: onoff({ help: "count the disks of machines", default: true, aliases: ["xen.dsk"] }),
    switchport: regex({
      help: "interfaces of machines; the groups are machine and interface",
      pattern: "vif[^0-9]*([0-9]+)\\.([0-9]+)$",
    }),
    vbd: path({ help: "folder of the block devices", default: undefined, example: "/sys/bus/xen-backend/devices" }),
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
