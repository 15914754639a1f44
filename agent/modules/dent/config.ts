// dent { }: a DENT switch. See hsflowd.conf(5).

import { regex } from "../../config/regex.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { SWITCHPORT } from "../shared-options.ts";

export const dent = defineModule({
  keyword: "dent",
  help: "counters and rates of a DENT switch",
  options: {
    switchport: regex({ help: SWITCHPORT, pattern: "^swp[0-9s]+$" }),
    sw: onoff({ help: "sample packets in software", default: false }),
  },
});
