// pcap { }: which interfaces are sampled, and how. hsflowd.conf.

import { integer, range } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { regex } from "../../config/regex.ts";
import { choice, device, onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const pcap = defineModule({
  keyword: "pcap",
  samplesPackets: true,
  help: "samples packets on interfaces chosen by name, by pattern or by speed",
  needs: [
    { capability: "CAP_NET_RAW", purpose: "take packets, and mark its own datagrams so that they are not sampled" },
    { capability: "CAP_NET_ADMIN", purpose: "mark its own datagrams", before: [5, 17] },
  ],
  options: {
    dev: device({ help: "interface to sample", default: undefined, example: "eth0" }),
    "dev.pattern": regex({ help: "interfaces to sample, by name", example: "^eth[0-9]+$" }),
    dynamic: onoff({ help: "sample only what another block asks for", default: false }),
    promisc: onoff({ help: "promiscuous mode: frames to other stations too", default: false }),
    vport: onoff({
      help: "counters of bridge ports seen; not given: on for bridges",
      default: undefined,
      example: "on",
    }),
    speed: range({ help: "interfaces to sample, by speed in bit/s", default: undefined, example: "1G-1T" }),
    sampling: integer({
      help: "1-in-N on these interfaces, instead of by speed; 0 is off",
      default: undefined,
      example: "1000",
      min: 0,
      max: 10_000_000,
    }),
    "sampling.limit": integer({
      help: "samples a second of each tap, at most: beyond, N is doubled until a reload; not given: as in sflow { }",
      default: undefined,
      example: "10000",
      min: 0,
      max: 10_000_000,
    }),
    engine: choice({
      help: "how packets are taken; auto tries a packet socket first",
      default: "auto",
      words: ["auto", "packet-socket", "libpcap"],
    }),
  },
});

export type PcapConfig = ValuesOf<typeof pcap.options>;
