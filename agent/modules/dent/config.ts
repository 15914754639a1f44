// dent { }: a DENT switch. hsflowd.conf.

import { regex } from "../../config/regex.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const dent = defineModule({
  keyword: "dent",
  help: "counters and rates of a DENT switch",
  options: {
    switchport: regex({ help: "interfaces that are ports of the switch", pattern: "^swp[0-9s]+$" }),
    sw: onoff({ help: "sample in software", default: false }),
  },
});
