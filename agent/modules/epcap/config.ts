// epcap { }: the interfaces that BPF programs sample. See hsflowd.conf(5).

import { integer, range } from "../../config/number.ts";
import { regex } from "../../config/regex.ts";
import { quoted } from "../../config/token.ts";
import { device, onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const epcap = defineModule({
  keyword: "epcap",
  toSample: (device) => `epcap { dev=${quoted(device)} }`,
  samplesNothing: () => undefined,
  help: "samples packets with BPF programs on the interfaces",
  options: {
    dev: device({ help: "interface to sample", default: undefined, example: "eth0" }),
    "dev.pattern": regex({ help: "names of the interfaces to sample", example: "^eth[0-9]+$" }),
    dynamic: onoff({ help: "sample only interfaces that another block requests", default: false }),
    promisc: onoff({ help: "promiscuous mode", default: false, ignored: "epcap { } has no promiscuous mode" }),
    vport: onoff({ help: "counters of bridge ports", default: undefined, ignored: "epcap { } has no bridge ports" }),
    speed: range({ help: "speeds of the interfaces to sample, in bit/s", default: undefined, example: "1G-1T" }),
    sampling: integer({
      help: "1-in-N on these interfaces",
      default: undefined,
      ignored: "epcap { } takes the rate from the speed of the interface",
      min: 0,
      max: 10_000_000,
    }),
  },
});
