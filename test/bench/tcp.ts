// Processor time of the agent for an annotated sample: 4 streams of iperf3 at full speed, every packet sampled, tcp {
// }.

import { start } from "../e2e/child.ts";
import { until } from "../e2e/command.ts";
import type { Bed, Collector } from "./bed.ts";
import { cpuMicroseconds } from "./process-cost.ts";
import { settled } from "./sampling.ts";

export interface TcpResult {
  readonly samples: number;
  /** Share of all samples, handshakes and ends of connections included. */
  readonly annotatedPercent: number;
  readonly microsecondsPerSample: number;
  /** The same without tcp { }: the difference is the cost of its lookups and records. */
  readonly microsecondsPerBareSample: number;
}

const WARM_UP_SECONDS = 3;
const SECONDS = 6;
const PORT = 5201;

async function streams(bed: Bed, seconds: number): Promise<void> {
  const server = start(bed.far, ["iperf3", "-s", "-1", "-p", `${PORT}`, "--forceflush"]);
  await server.says(/listening/);
  const client = start(bed.host, ["iperf3", "-c", bed.peer.address, "-p", `${PORT}`, "-P", "4", "-t", `${seconds}`]);
  const { code } = await until("iperf3", () => client.ended(), { seconds: seconds + 20, evidence: client.stderr });
  if (code !== 0) throw new Error(client.stdout() + client.stderr());
}

async function measure(bed: Bed, collector: Collector, more: string) {
  const agent = bed.agent(collector, 1, more);
  await agent.taps(bed.cable.index);
  await streams(bed, WARM_UP_SECONDS);
  await settled(collector);
  const before = await collector.counted();
  const cpu = cpuMicroseconds(agent.pid);
  await streams(bed, SECONDS);
  const microseconds = cpuMicroseconds(agent.pid) - cpu;
  await settled(collector);
  const after = await collector.counted();
  await agent.stop();
  return { microseconds, samples: after.flows - before.flows, annotated: after.annotated - before.annotated };
}

export async function benchTcp(bed: Bed): Promise<TcpResult> {
  const collector = await bed.collector();
  const bare = await measure(bed, collector, "");
  const { microseconds, samples, annotated } = await measure(bed, collector, "tcp { }");
  return {
    samples,
    annotatedPercent: (100 * annotated) / samples,
    microsecondsPerSample: microseconds / annotated,
    microsecondsPerBareSample: bare.microseconds / bare.samples,
  };
}
