// metrics { }: what the agent has counted, for Prometheus. hsflowd has no such block.

import { integer } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { path } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const metrics = defineModule({
  keyword: "metrics",
  help: "counters of the agent itself, for Prometheus",
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
  holds: ({ socket, port }) => [port === undefined ? `unix socket ${socket}` : `TCP port ${port} of 127.0.0.1`],
});

export type MetricsConfig = ValuesOf<typeof metrics.options>;
