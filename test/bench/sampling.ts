// Processor time of the agent for a sampled packet, from the packet socket to the collector's, at a steady load,
// 1-in-1.

import type { Agent } from "../e2e/agent.ts";
import { start } from "../e2e/child.ts";
import { sleep, until } from "../e2e/command.ts";
import { nobody } from "../e2e/namespaces.ts";
import type { Bed, Collector } from "./bed.ts";
import { cpuMicroseconds, type Memory, memory } from "./process-cost.ts";

export interface SamplingResult {
  readonly packetsPerSecond: number;
  readonly offered: number;
  readonly samples: number;
  readonly lost: number;
  readonly microsecondsPerSample: number;
  readonly samplesPerDatagram: number;
  readonly memory: Memory;
}

const SECONDS = 4;
const WARM_UP_SECONDS = 2;
const PAYLOAD_BYTES = 200;
/** Longer than the last samples are held. Later processor time is that of an idle agent. */
const LAST_MILLISECONDS = 200;

/** The number of packets that the peer sent. */
export async function load(bed: Bed, packetsPerSecond: number, seconds: number): Promise<number> {
  const numbers = [5000, packetsPerSecond, seconds, PAYLOAD_BYTES].map(String);
  const words = [process.execPath, "dist/bench-sender.js", nobody(bed.peer.address), ...numbers];
  const sender = start(bed.far, words);
  const [, sent] = await sender.says(/sent (\d+) in/);
  return Number(sent);
}

/** Waits until no sample has arrived for two flushes: the count is then final. */
export async function settled(collector: Collector): Promise<number> {
  let last = -1;
  return until("the last sample", async () => {
    const { flows } = await collector.counted();
    if (flows === last) return { flows };
    last = flows;
    await sleep(1500);
    return undefined;
  }).then(({ flows }) => flows);
}

export async function benchSampling(bed: Bed, agent: Agent, collector: Collector, rate: number) {
  await load(bed, rate, WARM_UP_SECONDS);
  const before = { flows: await settled(collector), counted: await collector.counted() };
  const cpu = cpuMicroseconds(agent.pid);
  const offered = await load(bed, rate, SECONDS);
  await sleep(LAST_MILLISECONDS);
  const spent = cpuMicroseconds(agent.pid) - cpu;
  const samples = (await settled(collector)) - before.flows;
  const counted = await collector.counted();
  const result: SamplingResult = {
    packetsPerSecond: rate,
    offered,
    samples,
    lost: offered - samples,
    microsecondsPerSample: spent / samples,
    samplesPerDatagram: samples / (counted.datagrams - before.counted.datagrams),
    memory: memory(agent.pid),
  };
  return result;
}
