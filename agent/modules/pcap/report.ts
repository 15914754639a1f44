// What pcap { } says of every interface: sampled or not, at which rate, and what decided it.

import type { Tap } from "../../capture/engine.ts";
import type { Adaptor } from "../../interfaces/adaptor.ts";
import type { TapReport, TapState } from "../../report/report.ts";
import type { Context } from "../module.ts";
import type { PcapConfig } from "./config.ts";
import { type Decision, decide } from "./select.ts";

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

function stateOf({ block, rate }: Decision, { adminUp }: Adaptor, tap: Tap | undefined): TapState {
  if (block === undefined) return "unmatched";
  if (!adminUp) return "down";
  if (rate === 0) return "off";
  return tap === undefined ? "failing" : "sampled";
}

function reportAdaptor(
  blocks: readonly PcapConfig[],
  adaptor: Adaptor,
  settings: Parts["settings"],
  { tap: tapOf, said, engine }: AtWork,
): TapReport {
  const decision = decide(blocks, adaptor, settings);
  const { block, rate, why } = decision;
  const tap = tapOf(adaptor.index);
  const state = stateOf(decision, adaptor, tap);
  const rateInForce = tap?.options.samplingRate ?? rate;
  return {
    interface: adaptor.name,
    index: adaptor.index,
    state,
    rate,
    rateInForce,
    why: rateInForce === rate ? why : `${why}, doubled by sampling.limit until a reload`,
    named: blocks.some(({ dev }) => dev === adaptor.name),
    engine: tap === undefined || block === undefined ? undefined : engine(block),
    packets: tap?.counters.packets ?? 0,
    drops: tap?.counters.drops ?? 0,
    obstacle: state === "failing" ? said(adaptor.index) : undefined,
  };
}

const reportMissing = (dev: string): TapReport => ({
  interface: dev,
  index: 0,
  state: "missing",
  rate: 0,
  rateInForce: 0,
  why: "there is no such interface",
  named: true,
  engine: undefined,
  packets: 0,
  drops: 0,
  obstacle: undefined,
});
