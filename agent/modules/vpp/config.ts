// vpp { }: samples and counters of a VPP data plane. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const vpp = defineModule({
  keyword: "vpp",
  help: "samples and counters of a VPP data plane",
  samplesNothing: () => undefined,
  options: {
    ifOffset: integer({
      help: "offset that is added to VPP's interface indexes",
      default: 1_000_000_000,
      min: 0,
      max: 4_294_967_295,
    }),
    osIndex: onoff({ help: "report the Linux interface that mirrors a VPP interface", default: true }),
  },
});
