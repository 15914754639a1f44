// dropmon { }: dropped packets, with the kernel's reason. hsflowd.conf.

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
      help: "netlink group",
      default: undefined,
      ignored: "the kernel has one group for drop notices",
      min: 1,
      max: 4_294_967_295,
    }),
    start: onoff({ help: "configure and start the kernel's drop monitor", default: true }),
    force: onoff({ help: "stop and configure it anew where it runs already", default: true }),
    sw: onoff({ help: "packets dropped by software", default: true }),
    hw: onoff({ help: "packets dropped by hardware", default: true }),
    rn: onoff({ help: "name drops by the kernel's drop reason", default: true }),
    hw_unknown: onoff({ help: "hardware drops without a standard reason too", default: false }),
    hw_function: onoff({ help: "function that dropped", default: undefined, ignored: "the reason says it" }),
    sw_passive: onoff({ help: "listen for software drops without configuring anything", default: false }),
    hw_passive: onoff({ help: "listen for hardware drops without configuring anything", default: false }),
    hide: regex({ help: "drops not to report, by reason, symbol or trap name", example: "^NOT_SPECIFIED$" }),
    limit: integer({ help: "notices sent in a second at most", default: 100, min: 1, max: 10_000 }),
    max: integer({ help: "drops in a second that count as a flood", default: 100_000, min: 1, max: 4_294_967_295 }),
    max_trip: integer({
      help: "seconds of flood after which the monitor stops",
      default: 2,
      min: 1,
      max: 4_294_967_295,
    }),
  },
});
