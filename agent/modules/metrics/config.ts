// metrics { }: what the agent has counted, for Prometheus. hsflowd has no such block.

import { integer } from "../../config/number.ts";
import { path } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export interface MetricsConfig {
  readonly socket: string;
  /** Of the loopback; in place of the socket. */
  readonly port: number | undefined;
}

export const metrics = defineModule<MetricsConfig>({
  keyword: "metrics",
  help: "counters of the agent itself, for Prometheus",
  load: () => import("./index.ts"),
  options: {
    socket: path({ help: "unix socket on which they are read", default: "/run/hsflowd/metrics.sock" }),
    port: integer({
      help: "TCP port of 127.0.0.1, instead of the socket",
      default: undefined,
      example: "9536",
      min: 1,
      max: 65535,
    }),
  },
});
