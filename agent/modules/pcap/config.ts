// pcap { }: the interfaces to sample, and how. See hsflowd.conf(5).

import type { ValuesOf } from "../../config/option.ts";
import { quoted } from "../../config/token.ts";
import { choice } from "../../config/word.ts";
import { defineModule, type Need } from "../module.ts";
import { repeats, samplesNothing, tapOptions } from "../tap-options.ts";

const options = {
  ...tapOptions,
  engine: choice({
    help: "how packets are captured; auto tries a packet socket first",
    default: "auto",
    words: ["auto", "epcap", "packet-socket", "libpcap"],
  }),
};

/** `keyword` is that of the block, if it is not pcap. */
export type PcapConfig = ValuesOf<typeof options> & { readonly keyword?: string };

const BY_BPF: Omit<Need, "capability"> = {
  purpose: "sample by BPF programs",
  option: "engine",
  values: ["epcap"],
  optIn: true,
};

export const pcap = defineModule({
  keyword: "pcap",
  toSample: (device) => `pcap { dev=${quoted(device)} }`,
  help: "samples packets on interfaces chosen by name, pattern or speed",
  needs: [
    {
      capability: "CAP_NET_RAW",
      purpose: "capture packets, and mark the agent's own datagrams so that they are not sampled",
    },
    { capability: "CAP_NET_ADMIN", purpose: "mark the agent's own datagrams", before: [5, 17] },
    { ...BY_BPF, capability: "CAP_BPF" },
    { ...BY_BPF, capability: "CAP_NET_ADMIN" },
  ],
  options,
  samplesNothing: (blocks, sflow) => samplesNothing(blocks, sflow),
  repeats: (blocks) => repeats(blocks),
});
