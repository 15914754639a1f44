// psample { }: packet samples from the kernel's psample channel. hsflowd.conf.

import { integer } from "../../config/number.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const psample = defineModule({
  keyword: "psample",
  samplesPackets: true,
  help: "samples packets through the psample channel of the kernel: switches, tc sample",
  options: {
    group: integer({ help: "group with samples of received packets", default: 1, min: 1, max: 32 }),
    ingress: onoff({ help: "take samples of received packets", default: true }),
    egress: onoff({ help: "take samples of sent packets, from the group after it", default: false }),
  },
});
