// dropmon { }: dropped packets, with the kernel's reason. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { regex } from "../../config/regex.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const dropmon = defineModule({
  keyword: "dropmon",
  holds: () => ["the kernel's drop monitor"],
  help: "reports packets that the kernel dropped, with the reason",
  options: {
    group: integer({
      help: "netlink group of drop notifications",
      default: undefined,
      ignored: "the kernel has one group for drop notifications",
      min: 1,
      max: 4_294_967_295,
    }),
    start: onoff({ help: "configure and start the kernel's drop monitor", default: true }),
    force: onoff({ help: "stop and reconfigure the drop monitor if it already runs", default: true }),
    sw: onoff({ help: "report packets dropped by software", default: true }),
    hw: onoff({ help: "report packets dropped by hardware", default: true }),
    rn: onoff({ help: "name each drop by the kernel's drop reason", default: true }),
    hw_unknown: onoff({ help: "also report hardware drops without a standard reason", default: false }),
    hw_function: onoff({
      help: "report the kernel function that dropped the packet",
      default: undefined,
      ignored: "the drop reason replaces it",
    }),
    sw_passive: onoff({ help: "listen for software drops without configuring anything", default: false }),
    hw_passive: onoff({ help: "listen for hardware drops without configuring anything", default: false }),
    hide: regex({ help: "reasons, symbols or trap names of drops not to report", example: "^NOT_SPECIFIED$" }),
    limit: integer({ help: "maximum drop notifications a second", default: 100, min: 1, max: 10_000 }),
    max: integer({ help: "drops a second that count as a flood", default: 100_000, min: 1, max: 4_294_967_295 }),
    max_trip: integer({
      help: "seconds of flood until the drop monitor is stopped",
      default: 2,
      min: 1,
      max: 4_294_967_295,
    }),
  },
});
