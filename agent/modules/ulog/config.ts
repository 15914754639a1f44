// ulog { }: packet samples from a netfilter ULOG rule. See hsflowd.conf(5).

import { fraction, integer } from "../../config/number.ts";
import { defineModule } from "../module.ts";

export const ulog = defineModule({
  keyword: "ulog",
  holds: ({ group }) => [`ulog group ${group}`],
  help: "samples packets from a netfilter ULOG rule, on kernels without NFLOG",
  samplesNothing: () => undefined,
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
