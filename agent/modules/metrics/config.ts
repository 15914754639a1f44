// metrics { }: counters of the agent itself, for Prometheus. hsflowd has no such block.

import { integer } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { path } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const metrics = defineModule({
  keyword: "metrics",
  holds: ({ socket, port }) => [port === undefined ? `unix socket ${socket}` : `TCP port ${port} of 127.0.0.1`],
  help: "counters of the agent itself, for Prometheus",
  options: {
    socket: path({ help: "unix socket that serves the counters", default: "/run/hsflowd/metrics.sock" }),
    port: integer({
      help: "TCP port on 127.0.0.1 that serves them instead of the socket",
      default: undefined,
      example: "9536",
      min: 1,
      max: 65535,
    }),
  },
});

export type MetricsConfig = ValuesOf<typeof metrics.options>;
