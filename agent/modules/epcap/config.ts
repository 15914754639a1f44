// epcap { }: the interfaces that BPF programs sample. Its code is that of pcap { }. See hsflowd.conf(5).

import { quoted } from "../../config/token.ts";
import { defineModule } from "../module.ts";
import { repeats, samplesNothing, tapOptions } from "../tap-options.ts";

export const epcap = defineModule({
  keyword: "epcap",
  toSample: (device) => `epcap { dev=${quoted(device)} }`,
  help: "samples packets by BPF programs on interfaces chosen by name, pattern or speed",
  needs: [
    { capability: "CAP_BPF", purpose: "sample by BPF programs", optIn: true },
    { capability: "CAP_NET_ADMIN", purpose: "sample by BPF programs", optIn: true },
    {
      capability: "CAP_NET_RAW",
      purpose: "mark the agent's own datagrams so that they are not sampled, and set promiscuous mode",
    },
  ],
  options: tapOptions,
  samplesNothing: (blocks, sflow) => samplesNothing(blocks, sflow),
  repeats: (blocks) => repeats(blocks),
});
