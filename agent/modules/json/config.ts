// json { }: samples and counters from applications. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { path } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const json = defineModule({
  keyword: "json",
  holds: ({ udpport, fifo }) => [
    ...(udpport === undefined || udpport === 0 ? [] : [`UDP port ${udpport} of 127.0.0.1`]),
    ...(fifo === undefined ? [] : [`pipe ${fifo}`]),
  ],
  help: "receives samples and counters from applications as JSON",
  options: {
    udpport: integer({
      help: "UDP port on the loopback interface for JSON messages; 0: none",
      default: undefined,
      example: "36343",
      min: 0,
      max: 65535,
      aliases: ["jsonPort"],
    }),
    fifo: path({
      help: "named pipe for JSON messages",
      default: undefined,
      example: "/tmp/hsflowd_json_fifo",
      aliases: ["jsonFIFO"],
    }),
  },
});
