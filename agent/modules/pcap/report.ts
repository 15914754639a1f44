// Reports every interface: sampled or not, at which rate, and why.

import type { Tap } from "../../capture/engine.ts";
import { finish, type Steps } from "../../config/steps.ts";
import { quoted } from "../../config/token.ts";
import type { Adaptor } from "../../interfaces/adaptor.ts";
import { hasName } from "../../interfaces/names.ts";
import type { TapReport, TapState } from "../../report/report.ts";
import type { Context } from "../module.ts";
import type { PcapConfig } from "./config.ts";
import { type Decision, decide, keywordOf } from "./select.ts";

/** The taps that are open now, by ifIndex. */
export interface AtWork {
  readonly tap: (index: number) => Tap | undefined;
  /** Why the last attempt to open a tap failed. */
  readonly said: (index: number) => string | undefined;
  readonly engine: (block: PcapConfig) => string;
}

type Parts = Pick<Context, "interfaces" | "settings">;

/** Reports every interface of the host, and those that a block names and that do not exist. */
export function* reportingTaps(blocks: readonly PcapConfig[], view: Parts, work: AtWork): Steps<TapReport[]> {
  const { interfaces } = view;
  const missing = blocks.flatMap(({ dev }) => (dev === undefined || interfaces.byName(dev) ? [] : [dev]));
  const reports: TapReport[] = [];
  for (const adaptor of interfaces.all()) {
    reports.push(reportAdaptor(blocks, adaptor, view, work));
    yield;
  }
  return [...reports, ...[...new Set(missing)].map((dev) => reportMissing(keywordOf(blocks[0]), dev))];
}

function stateOf({ block, rate }: Decision, { adminUp }: Adaptor, tap: Tap | undefined): TapState {
  if (block === undefined) return "unmatched";
  if (!adminUp) return "down";
  if (rate === 0) return "off";
  return tap === undefined ? "failing" : "sampled";
}

/** Returns a remedy for a state: a command, or a line for the configuration file. */
function remedyFor(keyword: string, state: TapState, name: string, obstacle?: string): string | undefined {
  if (state === "down") return `ip link set dev ${name} up`;
  if (state === "unmatched") return `add ${keyword} { dev=${quoted(name)} } to sflow { }`;
  if (state === "missing")
    return `correct its name in ${keyword} { }, or create it: it is sampled as soon as it appears`;
  if (obstacle?.includes("CAP_NET_RAW")) return "restart the agent as root, or give it AmbientCapabilities=CAP_NET_RAW";
  if (obstacle?.includes("CAP_BPF"))
    return "restart the agent as root, or give it AmbientCapabilities=CAP_BPF CAP_NET_ADMIN";
  return undefined;
}

function reportAdaptor(
  blocks: readonly PcapConfig[],
  adaptor: Adaptor,
  view: Parts,
  { tap: tapOf, said, engine }: AtWork,
): TapReport {
  const decision = decide(blocks, adaptor, view);
  const { block, rate, why } = decision;
  const tap = tapOf(adaptor.index);
  const state = stateOf(decision, adaptor, tap);
  const rateInForce = tap?.options.samplingRate ?? rate;
  const obstacle = state === "failing" ? said(adaptor.index) : undefined;
  return {
    interface: adaptor.name,
    index: adaptor.index,
    state,
    rate,
    rateInForce,
    why: rateInForce === rate ? why : `${why}, doubled by sampling.limit until a reload`,
    named: blocks.some(({ dev }) => dev !== undefined && hasName(adaptor, dev)),
    engine: tap === undefined || block === undefined ? undefined : engine(block),
    packets: tap?.counters.packets ?? 0,
    drops: tap?.counters.drops ?? 0,
    obstacle,
    remedy: remedyFor(keywordOf(blocks[0]), state, adaptor.name, obstacle),
  };
}

const reportMissing = (keyword: string, dev: string): TapReport => ({
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
  remedy: remedyFor(keyword, "missing", dev),
});

const nothing = (): undefined => undefined;

/** Reports what the configured blocks decide about every interface, whether or not an agent runs. */
export const plannedTaps = (blocks: readonly PcapConfig[], view: Parts): TapReport[] =>
  finish(reportingTaps(blocks, view, { tap: nothing, said: nothing, engine: () => "" }));
