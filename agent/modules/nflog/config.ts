// nflog { }: packet samples from a netfilter NFLOG rule. See hsflowd.conf(5).

import { fraction, integer } from "../../config/number.ts";
import { defineModule } from "../module.ts";

export const nflog = defineModule({
  keyword: "nflog",
  holds: ({ group }) => [`nflog group ${group}`],
  help: "samples packets from a netfilter NFLOG rule",
  samplesNothing: () => undefined,
  options: {
    group: integer({
      help: "group number of the NFLOG rule",
      default: undefined,
      example: "5",
      min: 1,
      max: 32,
      aliases: ["nflogGroup"],
    }),
    probability: fraction({
      help: "probability of the rule's statistic match; 1-in-N is its inverse",
      default: undefined,
      example: "0.0025",
      aliases: ["nflogProbability"],
    }),
  },
});
