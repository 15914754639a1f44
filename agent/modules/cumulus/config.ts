// cumulus { }: a Cumulus Linux switch. hsflowd.conf.

import { regex } from "../../config/regex.ts";
import { defineModule } from "../module.ts";

export interface CumulusConfig {
  readonly switchport: RegExp;
}

export const cumulus = defineModule<CumulusConfig>({
  keyword: "cumulus",
  help: "counters and rates of a Cumulus Linux switch",
  options: {
    switchport: regex({ help: "interfaces that are ports of the switch", pattern: "^swp[0-9s]+$" }),
  },
});
