// Where the agent's time goes at a high rate of samples: the frames of its main thread that take most.

import type { Bed } from "./bed.ts";
import { load } from "./sampling.ts";

export interface Frame {
  /** A function of the agent or of V8, its callees left out; in brackets what is no function. */
  readonly frame: string;
  /** Of the time that the main thread was not idle. */
  readonly percent: number;
}

const WARM_UP_SECONDS = 3;
/** Longer than it is profiled. */
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
