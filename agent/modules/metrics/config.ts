// metrics { }: counters of the agent itself, for Prometheus. hsflowd has no such block.

import { address } from "../../config/address-option.ts";
import { quote } from "../../config/error.ts";
import { integer } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { path, text } from "../../config/word.ts";
import { defineModule, type Invalid } from "../module.ts";

const options = {
  socket: path({ help: "unix socket that serves the counters", default: "/run/hsflowd/metrics.sock" }),
  port: integer({
    help: "TCP port that serves them instead of the socket",
    default: undefined,
    example: "9536",
    min: 1,
    max: 65535,
  }),
  bind: address({ help: "address of that port; others than the loopback need a token", default: "127.0.0.1" }),
  token: text({ help: "what a client must send: Authorization: Bearer TOKEN", default: undefined, example: "SECRET" }),
};

export type MetricsConfig = ValuesOf<typeof options>;

/** Shorter ones can be guessed by trying. */
const SHORTEST = 16;

const isLoopback = (bind: string): boolean => /^127\.|^::1$|^localhost$/.test(bind);

function invalid({ bind, port, token }: MetricsConfig): Invalid | undefined {
  if (token !== undefined && token.length < SHORTEST)
    return {
      message: `the token of metrics { } has fewer than ${SHORTEST} characters`,
      remedy: "choose a random one: openssl rand -hex 16",
    };
  if (isLoopback(bind)) return undefined;
  if (port === undefined)
    return { message: `metrics { } has bind = ${quote(bind)}, and no port`, remedy: "add port = 9536" };
  if (token !== undefined) return undefined;
  return {
    message: `metrics { } would serve everyone who can reach ${quote(bind)}`,
    remedy: "add token = SECRET, or serve 127.0.0.1 and put a proxy before it",
  };
}

export const metrics = defineModule({
  keyword: "metrics",
  holds: ({ socket, port, bind }) => [port === undefined ? `unix socket ${socket}` : `TCP port ${port} of ${bind}`],
  help: "counters of the agent itself, for Prometheus",
  options,
  invalid,
});
