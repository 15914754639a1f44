// dent { }: a DENT switch. hsflowd.conf.

import { regex } from "../../config/regex.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export interface DentConfig {
  readonly switchport: RegExp;
  readonly sw: boolean;
}

export const dent = defineModule<DentConfig>({
  keyword: "dent",
  help: "counters and rates of a DENT switch",
  options: {
    switchport: regex({ help: "interfaces that are ports of the switch", pattern: "^swp[0-9s]+$" }),
    sw: onoff({ help: "sample in software", default: false }),
  },
});
