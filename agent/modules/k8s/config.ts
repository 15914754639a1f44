// k8s { }: counters of Kubernetes pods. hsflowd.conf.

import { onoff, path } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const k8s = defineModule({
  keyword: "k8s",
  help: "counters of Kubernetes pods, and their names in sampled packets",
  options: {
    markTraffic: onoff({ help: "name the pods in sampled packets of theirs", default: false }),
    eof: onoff({ help: "end with the helper that lists the pods", default: false }),
    setIfAlias: onoff({ help: "give interfaces of pods an alias", default: true }),
    setIfName: onoff({ help: "report interfaces of pods by the pod's name", default: true }),
    unixsock: path({
      help: "socket of the container runtime",
      default: undefined,
      example: "/run/containerd/containerd.sock",
    }),
  },
});
