// cumulus { }: a Cumulus Linux switch. See hsflowd.conf(5).

import { regex } from "../../config/regex.ts";
import { defineModule } from "../module.ts";
import { SWITCHPORT } from "../shared-options.ts";

export const cumulus = defineModule({
  keyword: "cumulus",
  help: "counters and rates of a Cumulus Linux switch",
  options: {
    switchport: regex({ help: SWITCHPORT, pattern: "^swp[0-9s]+$" }),
  },
});
