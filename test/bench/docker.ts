// docker { } with a real engine: a polling round with 50 containers, and the time from a container's start to its
// datagram.

import { setTimeout as sleep } from "node:timers/promises";
import { Pipeline } from "../../agent/flow/pipeline.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { makeInterfaces } from "../../agent/interfaces/table.ts";
import { create } from "../../agent/modules/docker/index.ts";
import { parseEngineSocket } from "../../agent/modules/docker/socket.ts";
import { makeFolder } from "../e2e/agent.ts";
import { containerSamples, spread, uuidOf } from "../e2e/container-samples.ts";
import { runContainer, watchEngine } from "../e2e/docker-agent.ts";
import { type DockerEngine, inParallel, makeDockerEngine } from "../e2e/docker-engine.ts";
import { makeLab } from "../e2e/namespaces.ts";
import { makeFakeAgent } from "../fakes/agent.ts";
import { makeFakeContext } from "../fakes/context.ts";
import { makeLog } from "../fakes/log.ts";
import { type Curve, curve, type Point } from "./curve.ts";
import { type Memory, memory } from "./process-cost.ts";

export interface DockerResult {
  readonly containers: number;
  /** Processor time of reading all of them once, the median. */
  readonly roundMilliseconds: number;
  /** From the engine's start event to the datagram at the collector. */
  readonly eventMilliseconds: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly memory: Memory;
  /** Milliseconds of a round by the number of containers. */
  readonly growth: Curve;
}

const CONTAINERS = 50;
const FEW = 10;
const MANY = 100;
/** Takes minutes to start: measured only on request. */
const GROWTH = [10, 100, 500];
const ROUNDS = 60;
const WARM_UP = 20;
/** Milliseconds between rounds, in which caches grow cold. */
const PAUSE = 110;

async function benchRound({ address }: DockerEngine, containers: number): Promise<Point> {
  const host = makeLinuxHost();
  const log = makeLog();
  const interfaces = makeInterfaces(host, log);
  const agent = makeFakeAgent();
  const config = { socket: parseEngineSocket(address), hostname: false, markTraffic: false };
  const flows = new Pipeline(host.clock, (error) => log.error(String(error)));
  const docker = create(config as never, makeFakeContext({ host, agent, flows, interfaces, log }));
  interfaces.start();
  await docker.start();
  while (docker.counters?.()["running"] !== containers) await sleep(100);
  const sources = [...agent.pollers.keys()].filter((source) => source.startsWith("3:"));
  const spent: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    await sleep(PAUSE);
    const before = process.cpuUsage();
    for (const source of sources) agent.read(source);
    const { user, system } = process.cpuUsage(before);
    if (round >= WARM_UP) spent.push((user + system) / 1000);
  }
  await docker.stop();
  interfaces.stop();
  return { work: containers, cost: spread(spent).p50 };
}

interface Containers {
  readonly engine: DockerEngine;
  readonly folder: ReturnType<typeof makeFolder>;
  readonly ids: readonly string[];
  startUntil(count: number): Promise<void>;
}

async function withEngine<T>(use: (containers: Containers) => Promise<T>): Promise<T> {
  const lab = makeLab();
  const folder = makeFolder();
  const engine = await makeDockerEngine(lab, folder.path);
  const ids: string[] = [];
  const startUntil = async (count: number): Promise<void> => {
    const starts = Array.from({ length: count - ids.length }, (_, i) => i);
    await inParallel(2, starts, async () => void ids.push((await runContainer(engine)).id));
  };
  try {
    return await use({ engine, folder, ids, startUntil });
  } finally {
    await engine.remove();
    lab.remove();
    folder.remove();
  }
}

/** Milliseconds of a round by the number of containers, up to 500. */
export const benchManyContainers = (): Promise<Curve> =>
  withEngine(async ({ engine, startUntil }) => {
    const points: Point[] = [];
    for (const count of GROWTH) {
      await startUntil(count);
      points.push(await benchRound(engine, count));
    }
    return curve(points);
  });

export const benchDocker = (): Promise<DockerResult> =>
  withEngine(async ({ engine, folder, ids, startUntil }) => {
    const { agent, receiver, stop } = await watchEngine(engine, folder);
    await startUntil(FEW);
    const few = await benchRound(engine, FEW);
    await startUntil(CONTAINERS);
    await sleep(1000);
    const used = memory(agent.pid);
    const samples = containerSamples(receiver.datagrams());
    const firsts = new Map(samples.toReversed().map(({ uuid, time }) => [uuid, time]));
    const waits = engine.actions
      .filter(({ action, id }) => action === "start" && ids.includes(id))
      .map(({ id, time }) => ((firsts.get(uuidOf(id)) ?? Number.NaN) - time) * 1000);
    await stop();
    const { p50, p99, max } = spread(waits);
    const usual = await benchRound(engine, CONTAINERS);
    await startUntil(MANY);
    const growth = curve([few, usual, await benchRound(engine, MANY)]);
    const eventMilliseconds = { p50, p99, max };
    return { containers: CONTAINERS, roundMilliseconds: usual.cost, eventMilliseconds, memory: used, growth };
  });
