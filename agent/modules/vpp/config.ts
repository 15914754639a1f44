// vpp { }: samples and counters of a VPP data plane. hsflowd.conf.

import { integer } from "../../config/number.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const vpp = defineModule({
  keyword: "vpp",
  help: "samples and counters of a VPP data plane",
  options: {
    ifOffset: integer({ help: "added to VPP's interface numbers", default: 1_000_000_000, min: 0, max: 4_294_967_295 }),
    osIndex: onoff({ help: "report the Linux interface that mirrors one of VPP's", default: true }),
  },
});
