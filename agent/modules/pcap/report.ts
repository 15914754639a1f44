// What pcap { } says of every interface: sampled or not, at which rate, and what decided it.

import type { Tap } from "../../capture/engine.ts";
import type { Adaptor } from "../../interfaces/adaptor.ts";
import type { Context } from "../module.ts";
import type { TapReport } from "../report.ts";
import type { PcapConfig } from "./config.ts";
import { decide } from "./select.ts";

/** What is at work at this moment, by ifIndex. */
export interface AtWork {
  readonly tap: (index: number) => Tap | undefined;
  /** Why the last attempt to open a tap failed. */
  readonly said: (index: number) => string | undefined;
  readonly engine: (block: PcapConfig) => string;
}

type Parts = Pick<Context, "interfaces" | "settings">;

/** Every interface there is, and those that blocks name and that are missing. */
export function reportTaps(blocks: readonly PcapConfig[], { interfaces, settings }: Parts, work: AtWork): TapReport[] {
  const missing = blocks.flatMap(({ dev }) => (dev === undefined || interfaces.byName(dev) ? [] : [dev]));
  return [
    ...interfaces.all().map((adaptor) => reportAdaptor(blocks, adaptor, settings, work)),
    ...[...new Set(missing)].map(reportMissing),
  ];
}

function reportAdaptor(
  blocks: readonly PcapConfig[],
  adaptor: Adaptor,
  settings: Parts["settings"],
  { tap: tapOf, said, engine }: AtWork,
): TapReport {
  const { block, rate, why } = decide(blocks, adaptor, settings);
  const tap = tapOf(adaptor.index);
  return {
    interface: adaptor.name,
    index: adaptor.index,
    rate,
    why,
    named: block?.dev !== undefined || blocks.some(({ dev }) => dev === adaptor.name),
    engine: tap === undefined || block === undefined ? undefined : engine(block),
    packets: tap?.counters.packets ?? 0,
    drops: tap?.counters.drops ?? 0,
    obstacle: rate === 0 || tap !== undefined ? undefined : said(adaptor.index),
  };
}

const reportMissing = (dev: string): TapReport => ({
  interface: dev,
  index: 0,
  rate: 0,
  why: "there is no such interface",
  named: true,
  engine: undefined,
  packets: 0,
  drops: 0,
  obstacle: undefined,
});
