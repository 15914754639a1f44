// containerd { }: counters of containerd containers. See hsflowd.conf(5).

import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { forgetVMs, markTraffic } from "../shared-options.ts";

export const containerd = defineModule({
  keyword: "containerd",
  help: "counters of containerd containers",
  options: {
    forgetVMs: forgetVMs("a container", "containers are tracked by events"),
    hostname: onoff({
      help: "report the hostname of a container",
      default: undefined,
      ignored: "containerd has no hostname of a container",
    }),
    markTraffic: markTraffic("containers"),
  },
});
