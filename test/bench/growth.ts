// How the cost of the agent grows with interfaces, with collectors and with containers.

import { readFileSync } from "node:fs";
import { startAgent } from "../e2e/agent.ts";
import { sleep } from "../e2e/command.ts";
import type { Namespace } from "../e2e/namespaces.ts";
import type { Bed, Collector } from "./bed.ts";
import { type Curve, curve, type Point } from "./curve.ts";
import { cpuMicroseconds } from "./process-cost.ts";
import { benchSampling } from "./sampling.ts";

/** Microseconds of processor time a second, polling every second. */
export interface InterfaceGrowth extends Curve {
  /** Calls of read(2) a second with the most interfaces. */
  readonly readsPerSecond: number;
}

const INTERFACES = [4, 128, 1000];
const COLLECTORS = [1, 8];
const LOAD = 20_000;
const SETTLE_SECONDS = 3;
const SECONDS = 8;

const readCalls = (pid: number): number => Number(/^syscr: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);

/** Ends of veth pairs whose other ends are in another namespace: the network cards of this one. */
function plugIn(namespace: Namespace, elsewhere: Namespace, count: number): void {
  const names = Array.from({ length: count }, (_, i) => `a${i}`);
  const add = names.map((name) => `link add ${name} type veth peer name ${name} netns ${elsewhere.name}`);
  const up = names.map((name) => `link set ${name} up`);
  namespace.run("sh", "-c", `printf '${[...add, ...up].join("\\n")}\\n' | ip -batch -`);
}

export interface Idle {
  readonly microsecondsPerSecond: number;
  readonly readsPerSecond: number;
}

export async function idleCost(pid: number): Promise<Idle> {
  const before = { cpu: cpuMicroseconds(pid), reads: readCalls(pid) };
  await sleep(SECONDS * 1000);
  return {
    microsecondsPerSecond: (cpuMicroseconds(pid) - before.cpu) / SECONDS,
    readsPerSecond: (readCalls(pid) - before.reads) / SECONDS,
  };
}

export async function benchInterfaces(bed: Bed): Promise<InterfaceGrowth> {
  const points: Point[] = [];
  let readsPerSecond = 0;
  for (const count of INTERFACES) {
    const namespace = bed.namespace();
    plugIn(namespace, bed.namespace(), count);
    const collector = await bed.collector(namespace);
    const agent = startAgent(namespace, polling(collector), bed.folder);
    await collector.says(/first at/);
    await sleep(SETTLE_SECONDS * 1000);
    const before = await collector.counted();
    const cost = await idleCost(agent.pid);
    const { counters } = await collector.counted();
    const polled = (counters - before.counters) / SECONDS;
    if (polled < count * 0.9) throw new Error(`${polled} counters samples a second of ${count} interfaces`);
    points.push({ work: count, cost: cost.microsecondsPerSecond });
    readsPerSecond = cost.readsPerSecond;
    await agent.stop();
    await collector.stop();
  }
  return { ...curve(points), readsPerSecond };
}

const polling = ({ port }: Collector) => `sflow {
  agentIP = 192.0.2.1
  polling = 1
  collector { ip = 127.0.0.1 udpport = ${port} }
}`;

/** Microseconds a sample. All collectors are the same process, which counts each sample once for each collector. */
export async function benchCollectors(bed: Bed): Promise<Curve> {
  const points: Point[] = [];
  for (const count of COLLECTORS) {
    const collector = await bed.collector();
    const others = Array.from({ length: count - 1 }, () => `collector { ip = 127.0.0.1 udpport = ${collector.port} }`);
    const agent = bed.agent(collector, 1, others.join("\n  "));
    await agent.taps(bed.cable.index);
    const { samples, offered, microsecondsPerSample } = await benchSampling(bed, agent, collector, LOAD);
    if (samples < 0.9 * count * offered) throw new Error(`${samples} samples of ${offered} at ${count} collectors`);
    points.push({ work: count, cost: (microsecondsPerSample * samples) / offered });
    await agent.stop();
    await collector.stop();
  }
  return curve(points);
}
