// json { }: samples and counters from applications. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { path } from "../../config/word.ts";
import { defineModule } from "../module.ts";

const PIPE = "/run/hsflowd/json.fifo";

/** The package's service has a /tmp of its own, in which no sender sees the file. */
const noteTmp = (text: string, instead: string) =>
  /^\/(var\/)?tmp\//.test(text)
    ? {
        message: "the package's service has a /tmp of its own (PrivateTmp), in which senders do not see this file",
        remedy: `write ${instead}, or set PrivateTmp=no with systemctl edit hsflowd-ts`,
      }
    : undefined;

const options = {
  udpport: integer({
    help: "UDP port on the loopback interface for JSON messages; 0: none",
    default: undefined,
    example: "36343",
    min: 0,
    max: 65535,
    aliases: ["jsonPort"],
  }),
  fifo: {
    ...path({
      help: "named pipe for JSON messages, which must exist",
      default: undefined,
      example: PIPE,
      aliases: ["jsonFIFO"],
    }),
    note: (text: string) => noteTmp(text, `fifo = ${PIPE}`),
  },
  socket: {
    ...path({
      help: "unix datagram socket for JSON messages, which the agent makes",
      default: undefined,
      example: "/run/hsflowd/json.sock",
    }),
    note: (text: string) => noteTmp(text, "socket = /run/hsflowd/json.sock"),
  },
};

export type JsonConfig = ValuesOf<typeof options>;

export const json = defineModule({
  keyword: "json",
  holds: ({ udpport, fifo, socket }) => [
    ...(udpport === undefined || udpport === 0 ? [] : [`UDP port ${udpport} of 127.0.0.1`]),
    ...(fifo === undefined ? [] : [`pipe ${fifo}`]),
    ...(socket === undefined ? [] : [`unix socket ${socket}`]),
  ],
  reads: ({ fifo }) => (fifo === undefined ? [] : [fifo]),
  help: "receives samples and counters from applications as JSON",
  options,
});
