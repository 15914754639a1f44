// systemd { }: counters of systemd services. hsflowd.conf.

import { integer } from "../../config/number.ts";
import { onoff, text } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const systemd = defineModule({
  keyword: "systemd",
  help: "counters of systemd services",
  options: {
    refreshVMs: integer({
      help: "seconds between looks at the list",
      default: undefined,
      example: "60",
      min: 10,
      max: 3600,
    }),
    dropPriv: onoff({ help: "give up root, and with it what only root may read", default: false }),
    markTraffic: onoff({ help: "name the services in sampled packets of theirs", default: false }),
    cgroup_procs: text({ help: "path of cgroup.procs", default: undefined, ignored: "it is found by itself" }),
    cgroup_acct: text({ help: "path of cgroup counters", default: undefined, ignored: "it is found by itself" }),
  },
});
