// Whether samples represent the packets that passed: the gaps between samples of each engine, and totals scaled by
// the rate, compared with the counters of the interface.

import { start } from "../e2e/child.ts";
import { until } from "../e2e/command.ts";
import { counted } from "../e2e/namespaces.ts";
import type { Bed } from "./bed.ts";
import type { GapTest } from "./chi-square.ts";
import { load, settled } from "./sampling.ts";

export interface EngineGaps extends GapTest {
  readonly engine: string;
  readonly sampling: number;
}

export interface ScaledTotal {
  readonly sampling: number;
  readonly samples: number;
  /** Share of the interface's own count. */
  readonly errorPercent: number;
  /** The range of 95 of 100 runs, by the theory of random sampling. */
  readonly expectedPercent: number;
}

export interface Accuracy {
  readonly gaps: readonly EngineGaps[];
  readonly totals: readonly ScaledTotal[];
}

const ENGINES = ["packet-socket", "epcap", "libpcap", "replay"];
/** 1-in-N, and the number of frames. */
const RATES = [
  [10, 100_000],
  [100, 200_000],
  [1000, 600_000],
] as const;
const LOAD = 150_000;
const SECONDS = 4;

/** The package `cap` is built for one version of Node.js. */
const checkoutNode = process.env["CHECKOUT_NODE"] ?? process.execPath;

async function engineGaps(bed: Bed, engine: string, sampling: number, frames: number): Promise<EngineGaps> {
  const ends = ["eth0", bed.cable.index, bed.far.path, bed.peer.index];
  const words = [checkoutNode, "dist/bench-gaps.js", engine, sampling, frames, ...ends].map(String);
  const child = start(bed.host, words);
  await until(`${engine} 1-in-${sampling}`, () => child.ended(), { seconds: 60, evidence: child.stderr });
  const [, said] = await child.says(/tested (.*)\n/);
  return { engine, sampling, ...(JSON.parse(said ?? "{}") as GapTest) };
}

async function scaledTotal(bed: Bed, sampling: number): Promise<ScaledTotal> {
  const collector = await bed.collector();
  const agent = bed.agent(collector, sampling);
  await agent.taps(bed.cable.index);
  const before = counted(bed.host, "eth0").rx.packets;
  await load(bed, LOAD, SECONDS);
  const samples = await settled(collector);
  const passed = counted(bed.host, "eth0").rx.packets - before;
  await agent.stop();
  await collector.stop();
  const errorPercent = ((samples * sampling) / passed - 1) * 100;
  return { sampling, samples, errorPercent, expectedPercent: 196 * Math.sqrt(1 / samples) };
}

export async function benchAccuracy(bed: Bed): Promise<Accuracy> {
  const gaps: EngineGaps[] = [];
  for (const engine of ENGINES)
    for (const [sampling, frames] of RATES) gaps.push(await engineGaps(bed, engine, sampling, frames));
  const totals: ScaledTotal[] = [];
  for (const [sampling] of RATES) totals.push(await scaledTotal(bed, sampling));
  return { gaps, totals };
}
