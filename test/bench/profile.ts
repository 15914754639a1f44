// Profile of the agent at a high sample rate: the functions of its main thread that take most time.

import type { Bed } from "./bed.ts";
import { load } from "./sampling.ts";

export interface Frame {
  /** A function of the agent or of V8, without its callees; entries that are no function are in brackets. */
  readonly frame: string;
  /** Share of the time that the main thread was busy. */
  readonly percent: number;
}

const WARM_UP_SECONDS = 3;
/** Seconds: longer than the profile takes. */
const SECONDS = 5;

export async function benchProfile(bed: Bed, packetsPerSecond: number): Promise<readonly Frame[]> {
  const collector = await bed.collector();
  const flags = process.env["NODE_OPTIONS"] ?? "";
  process.env["NODE_OPTIONS"] = `${flags} --require=./test/bench/profiled.cjs`;
  const agent = bed.agent(collector, 1);
  process.env["NODE_OPTIONS"] = flags;
  await agent.taps(bed.cable.index);
  await load(bed, packetsPerSecond, WARM_UP_SECONDS);
  agent.kill("SIGALRM");
  await load(bed, packetsPerSecond, SECONDS);
  const [, said] = await agent.says(/profiled (.*)\n/);
  await agent.stop();
  await collector.stop();
  return JSON.parse(said ?? "[]") as Frame[];
}
