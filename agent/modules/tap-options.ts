// Options of the blocks that sample interfaces by taps: pcap { } and epcap { }. See hsflowd.conf(5).

import { integer, range } from "../config/number.ts";
import type { ValuesOf } from "../config/option.ts";
import { regex } from "../config/regex.ts";
import { device, onoff } from "../config/word.ts";
import type { SflowConfig } from "../settings/sflow-block.ts";
import type { Repeat } from "./module.ts";

const MOST = 10_000_000;

export const tapOptions = {
  dev: device({
    help: "interface to sample",
    default: undefined,
    example: "eth0",
    patternKey: "dev.pattern",
    meantBy: ["interface", "device", "iface", "nic"],
  }),
  "dev.pattern": regex({ help: "names of the interfaces to sample", example: "^eth[0-9]+$" }),
  dynamic: onoff({ help: "sample only interfaces that another block requests", default: false }),
  promisc: onoff({ help: "promiscuous mode: also sample frames for other stations", default: false }),
  vport: onoff({
    help: "send counters of the bridge ports seen in samples; default: on for bridges",
    default: undefined,
    example: "on",
  }),
  speed: range({ help: "speeds of the interfaces to sample, in bit/s", default: undefined, example: "1G-1T" }),
  sampling: integer({
    help: "1-in-N on these interfaces; 0: off; default: by speed",
    meantBy: ["rate", "ratio", "sample"],
    default: undefined,
    example: "1000",
    min: 0,
    max: MOST,
  }),
  "sampling.limit": integer({
    help: "maximum samples a second on each tap, beyond which N is doubled until a reload; default: as in sflow { }",
    default: undefined,
    example: "10000",
    min: 0,
    max: MOST,
  }),
};

export type TapBlock = ValuesOf<typeof tapOptions>;

/** Tells whether sflow { } turns sampling off for interfaces of every speed. */
const isOff = (sflow: SflowConfig): boolean =>
  sflow.sampling === 0 && sflow["sampling.bps_ratio"] === 0 && ![...sflow["sampling.*"].values()].some((n) => n > 0);

function whyNone({ dynamic, sampling, speed }: TapBlock, sflow: SflowConfig): string | undefined {
  if (dynamic) return "dynamic = on samples only interfaces that another block requests, and none does";
  if (sampling === 0) return "sampling = 0";
  if (sampling === undefined && isOff(sflow)) return "sampling = 0 and sampling.bps_ratio = 0 in sflow { }";
  return speed !== undefined && speed.from > speed.to ? "no speed is in the range of speed" : undefined;
}

const matchesAll = (block: TapBlock): boolean =>
  block.dev === undefined && block["dev.pattern"] === undefined && block.speed === undefined && !block.dynamic;

/** The last block that matches an interface decides, so blocks before one that matches all have no effect. */
export function samplesNothing(blocks: readonly TapBlock[], sflow: SflowConfig): string | undefined {
  const decisive = blocks.slice(Math.max(0, blocks.findLastIndex(matchesAll)));
  const reasons = decisive.map((block) => whyNone(block, sflow));
  return reasons.includes(undefined) ? undefined : reasons.at(-1);
}

const selectsSame = (a: TapBlock, b: TapBlock): boolean =>
  a.dev === b.dev &&
  a["dev.pattern"]?.text === b["dev.pattern"]?.text &&
  a.speed?.from === b.speed?.from &&
  a.speed?.to === b.speed?.to &&
  a.dynamic === b.dynamic;

/** The last block that matches an interface decides. */
export function repeats(blocks: readonly TapBlock[]): Repeat[] {
  return blocks.flatMap((block, i) => {
    const other = blocks.findLastIndex((later) => matchesAll(later) || selectsSame(later, block));
    const message = "this block has no effect: all that it selects is also selected on";
    const remedy = "the last block that selects an interface decides";
    return other <= i ? [] : [{ block: i, other, message, remedy }];
  });
}
