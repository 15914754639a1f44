// containerd { }: counters of containerd containers. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const containerd = defineModule({
  keyword: "containerd",
  help: "counters of containerd containers",
  options: {
    forgetVMs: integer({
      help: "seconds until a container that is gone is forgotten",
      default: undefined,
      ignored: "containers are tracked by events",
      min: 60,
      max: 4_294_967_295,
    }),
    hostname: onoff({
      help: "report the hostname of a container",
      default: undefined,
      ignored: "containerd has no hostname of a container",
    }),
    markTraffic: onoff({ help: "add the names of containers to their sampled packets", default: false }),
  },
});
