// cumulus { }: a Cumulus Linux switch. hsflowd.conf.

import { regex } from "../../config/regex.ts";
import { defineModule } from "../module.ts";

export const cumulus = defineModule({
  keyword: "cumulus",
  help: "counters and rates of a Cumulus Linux switch",
  options: {
    switchport: regex({ help: "interfaces that are ports of the switch", pattern: "^swp[0-9s]+$" }),
  },
});
