// systemd { }: counters of systemd services. See hsflowd.conf(5).

import { onoff, text } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { markTraffic, refreshVMs } from "../shared-options.ts";

export const systemd = defineModule({
  keyword: "systemd",
  help: "counters of systemd services",
  options: {
    refreshVMs: refreshVMs("services", { min: 10 }),
    dropPriv: onoff({ help: "give up root privileges, and the counters that only root can read", default: false }),
    markTraffic: markTraffic("services"),
    cgroup_procs: text({ help: "path of cgroup.procs", default: undefined, ignored: "it is found automatically" }),
    cgroup_acct: text({ help: "path of cgroup counters", default: undefined, ignored: "it is found automatically" }),
  },
});
