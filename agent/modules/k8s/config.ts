// k8s { }: counters of Kubernetes pods. See hsflowd.conf(5).

import { onoff, path } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { markTraffic } from "../shared-options.ts";

export const k8s = defineModule({
  keyword: "k8s",
  help: "counters of Kubernetes pods, and their names in sampled packets",
  options: {
    markTraffic: markTraffic("pods"),
    eof: onoff({ help: "exit when the helper that lists the pods exits", default: false }),
    setIfAlias: onoff({ help: "set the alias of pod interfaces", default: true }),
    setIfName: onoff({ help: "report pod interfaces by the name of the pod", default: true }),
    unixsock: path({
      help: "socket of the container runtime",
      default: undefined,
      example: "/run/containerd/containerd.sock",
    }),
  },
});
