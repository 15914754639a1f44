// nflog { }: packet samples from a netfilter NFLOG rule. hsflowd.conf.

import { fraction, integer } from "../../config/number.ts";
import { defineModule } from "../module.ts";

export interface NflogConfig {
  readonly group: number | undefined;
  /** Of a packet to be taken; undefined: the rate is unknown. */
  readonly probability: number | undefined;
}

export const nflog = defineModule<NflogConfig>({
  keyword: "nflog",
  help: "samples packets that a netfilter rule hands to NFLOG",
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
