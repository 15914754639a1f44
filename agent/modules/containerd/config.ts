// containerd { }: counters of containerd containers. hsflowd.conf.

import { integer } from "../../config/number.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const containerd = defineModule({
  keyword: "containerd",
  help: "counters of containerd containers",
  options: {
    forgetVMs: integer({
      help: "seconds after which what is gone is forgotten",
      default: undefined,
      ignored: "containers are followed by events",
      min: 60,
      max: 4_294_967_295,
    }),
    hostname: onoff({
      help: "report the hostname of a container",
      default: undefined,
      ignored: "containerd knows only names",
    }),
    markTraffic: onoff({ help: "name the containers in sampled packets of theirs", default: false }),
  },
});
