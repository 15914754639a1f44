// An agent with nothing to sample: processor time when it polls every second, memory, and its start-up time.

import { setTimeout as sleep } from "node:timers/promises";
import type { Bed } from "./bed.ts";
import { cpuMicroseconds, type Memory, memory } from "./process-cost.ts";

export interface IdleResult {
  /** Share of one processor. */
  readonly cpuPercent: number;
  readonly memory: Memory;
}

const SECONDS = 20;
const SETTLE_SECONDS = 2;
/** Seconds until the code that runs every second is compiled: after 400 runs, and 500 without change. */
const WARM_UP_SECONDS = 510;

/** Starts an agent in a test bed without load. The function returned measures it once it has run long enough. */
export async function startIdle(bed: Bed): Promise<() => Promise<IdleResult>> {
  const collector = await bed.collector();
  const agent = bed.agent(collector, 400);
  await agent.taps(bed.cable.index);
  const ready = performance.now() + WARM_UP_SECONDS * 1000;
  return async () => {
    await sleep(Math.max(0, ready - performance.now()));
    const before = cpuMicroseconds(agent.pid);
    await sleep(SECONDS * 1000);
    const spent = cpuMicroseconds(agent.pid) - before;
    const result = { cpuPercent: (spent / (SECONDS * 1e6)) * 100, memory: memory(agent.pid) };
    await agent.stop();
    await collector.stop();
    return result;
  };
}

/** Measures the same with another block that has nothing to do. */
export async function benchMemory(bed: Bed, block: string): Promise<Memory> {
  const collector = await bed.collector();
  const agent = bed.agent(collector, 400, block);
  await agent.taps(bed.cable.index);
  await sleep(SETTLE_SECONDS * 2000);
  const result = memory(agent.pid);
  await agent.stop();
  await collector.stop();
  return result;
}

const STARTS = 7;

/** Milliseconds from exec to the first datagram at the collector: the median of some starts. */
export async function benchStart(bed: Bed): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const collector = await bed.collector();
    const began = process.hrtime.bigint();
    const agent = bed.agent(collector, 400);
    const [, first] = await collector.says(/first at (\d+)\n/);
    times.push(Number(BigInt(first ?? 0) - began) / 1e6);
    await agent.stop();
    await collector.stop();
  }
  return times.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)] ?? Number.NaN;
}
