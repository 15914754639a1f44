// cumulus { }: a Cumulus Linux switch. See hsflowd.conf(5).

import { regex } from "../../config/regex.ts";
import { defineModule } from "../module.ts";

export const cumulus = defineModule({
  keyword: "cumulus",
  help: "counters and rates of a Cumulus Linux switch",
  options: {
    switchport: regex({ help: "names of the interfaces that are switch ports", pattern: "^swp[0-9s]+$" }),
  },
});
