// systemd { }: counters of systemd services. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { onoff, text } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const systemd = defineModule({
  keyword: "systemd",
  help: "counters of systemd services",
  options: {
    refreshVMs: integer({
      help: "seconds between readings of the list of services",
      default: undefined,
      example: "60",
      min: 10,
      max: 3600,
    }),
    dropPriv: onoff({ help: "give up root privileges, and the counters that only root can read", default: false }),
    markTraffic: onoff({ help: "add the names of services to their sampled packets", default: false }),
    cgroup_procs: text({ help: "path of cgroup.procs", default: undefined, ignored: "it is found automatically" }),
    cgroup_acct: text({ help: "path of cgroup counters", default: undefined, ignored: "it is found automatically" }),
  },
});
