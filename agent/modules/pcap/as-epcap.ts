// epcap { } at work: taps as those of pcap { }, with the engine of BPF programs.

import type { TapReport } from "../../report/report.ts";
import type { Context, Running, TapView } from "../module.ts";
import type { TapBlock } from "../tap-options.ts";
import type { PcapConfig } from "./config.ts";
import { create as createPcap } from "./index.ts";
import { plannedTaps } from "./report.ts";

const asPcap = (blocks: readonly TapBlock[]): readonly PcapConfig[] =>
  blocks.map((block) => ({ ...block, engine: "epcap", keyword: "epcap" }));

export const taps = (blocks: readonly TapBlock[], view: TapView): TapReport[] => plannedTaps(asPcap(blocks), view);

export function create(blocks: readonly TapBlock[], context: Context): Running<readonly TapBlock[]> {
  const { reconfigure, ...running } = createPcap(asPcap(blocks), context);
  return { ...running, reconfigure: (next) => reconfigure?.(asPcap(next)) };
}
