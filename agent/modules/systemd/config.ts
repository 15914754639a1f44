// systemd { }: counters of systemd services. See hsflowd.conf(5).

import type { ValuesOf } from "../../config/option.ts";
import { onoff, text } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { markTraffic, refreshVMs } from "../shared-options.ts";

export const systemd = defineModule({
  keyword: "systemd",
  help: "counters of systemd services, from start to end",
  reportsWorkloads: true,
  options: {
    refreshVMs: refreshVMs("services", { min: 10 }),
    dropPriv: onoff({
      help: "give up root privileges, and the counters that only root can read",
      default: false,
      ignored: "root privileges are always given up",
    }),
    markTraffic: markTraffic("services"),
    cgroup_procs: text({ help: "path of cgroup.procs", default: undefined, ignored: "it is found automatically" }),
    cgroup_acct: text({ help: "path of cgroup counters", default: undefined, ignored: "it is found automatically" }),
  },
  needs: [
    { capability: "CAP_SYS_PTRACE", purpose: "find the network namespaces of services" },
    { capability: "CAP_SYS_ADMIN", purpose: "enter a service's network namespace and read its interfaces" },
    { capability: "CAP_NET_RAW", purpose: "look up each interface of a service by binding a socket to it" },
  ],
});

export type SystemdConfig = ValuesOf<typeof systemd.options>;
