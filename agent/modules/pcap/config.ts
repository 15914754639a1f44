// pcap { }: which interfaces are sampled, and how. hsflowd.conf.

import { integer, type Range, range } from "../../config/number.ts";
import { regex } from "../../config/regex.ts";
import { choice, device, onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export interface PcapConfig {
  readonly dev: string | undefined;
  readonly "dev.pattern": RegExp | undefined;
  readonly dynamic: boolean;
  readonly promisc: boolean;
  /** Undefined: on for bridges only. */
  readonly vport: boolean | undefined;
  /** bit/s, both ends included. */
  readonly speed: Range | undefined;
  /** 1-in-N; undefined: by the speed of the interface. */
  readonly sampling: number | undefined;
  /** Samples a second of each tap; 0 is no limit; undefined: as in sflow { }. */
  readonly "sampling.limit": number | undefined;
  readonly engine: "auto" | "packet-socket" | "libpcap";
}

export const pcap = defineModule<PcapConfig>({
  keyword: "pcap",
  help: "samples packets on interfaces chosen by name, by pattern or by speed",
  many: true,
  load: () => import("./index.ts"),
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
