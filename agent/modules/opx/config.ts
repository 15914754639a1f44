// opx { }: an OPX switch. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { nested } from "../../config/option.ts";
import { regex } from "../../config/regex.ts";
import { device } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { SWITCHPORT } from "../shared-options.ts";

export const opx = defineModule({
  keyword: "opx",
  help: "counters and rates of an OPX switch",
  samplesNothing: () => undefined,
  options: {
    udpport: integer({ help: "UDP port that receives the switch's own samples", default: 20001, min: 0, max: 65535 }),
    switchport: regex({ help: SWITCHPORT, pattern: "^e[0-9]+-[0-9]+-[0-9]+$" }),
    port: nested("one switch port", {
      dev: device({ help: "interface of the port", default: "", required: true, example: "e101-001-0" }),
    }),
  },
});
