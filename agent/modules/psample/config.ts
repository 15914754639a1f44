// psample { }: packet samples from the kernel's psample channel. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const psample = defineModule({
  keyword: "psample",
  help: "samples packets from the kernel's psample channel: switches, tc sample",
  samplesNothing: ([block]) => (block?.ingress || block?.egress ? undefined : "ingress and egress are off"),
  needs: [{ capability: "CAP_NET_ADMIN", purpose: "receive samples from the kernel's psample channel", optIn: true }],
  options: {
    group: integer({ help: "psample group of received packets", default: 1, min: 1, max: 32 }),
    ingress: onoff({ help: "report samples of received packets", default: true }),
    egress: onoff({ help: "report samples of sent packets, which come from group + 1", default: false }),
  },
});

export type PsampleConfig = ValuesOf<typeof psample.options>;
