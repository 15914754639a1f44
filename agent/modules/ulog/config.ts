// ulog { }: packet samples from a netfilter ULOG rule. hsflowd.conf.

import { fraction, integer } from "../../config/number.ts";
import { defineModule } from "../module.ts";

export const ulog = defineModule({
  keyword: "ulog",
  holds: ({ group }) => [`ulog group ${group}`],
  help: "samples packets that a netfilter rule hands to ULOG; for kernels that have no NFLOG",
  options: {
    group: integer({
      help: "group number of the ULOG rule",
      default: undefined,
      example: "5",
      min: 1,
      max: 32,
      aliases: ["ulogGroup"],
    }),
    probability: fraction({
      help: "probability of the rule's statistic match; 1-in-N is its inverse",
      default: undefined,
      example: "0.0025",
      aliases: ["ulogProbability"],
    }),
  },
});
