// Containers without an engine. A test sets the answers, ends processes, and reads the samples that were sent.

import { WorkQueue } from "../../../agent/host/work-queue.ts";
import type { ContainerFacts, LifecycleEvent } from "../../../agent/modules/docker/answers.ts";
import { Containers } from "../../../agent/modules/docker/containers.ts";
import type { Numbered } from "../../../agent/sflow/agent.ts";
import { WorkloadRegistry } from "../../../agent/workloads/registry.ts";
import { makeFakeClock } from "../../fakes/clock.ts";
import { FakeInterfaces } from "../../fakes/interfaces.ts";
import { makeRecorder, type Sample } from "../../workloads/recorder.ts";
import { type FakeProcess, makeKernel } from "./kernel.ts";

export const id = (digit: string): string => digit.repeat(64);

export interface FakeWorld {
  readonly containers: Containers;
  readonly processes: Map<string, FakeProcess>;
  /** Processes of the host that belong to no container. */
  readonly foreign: Set<number>;
  readonly samples: Sample[];
  readonly removed: string[];
  /** Data sources of workloads whose counters were withdrawn. */
  readonly withdrawn: string[];
  /** Answers to inspect, by container id. The request fails if the answer is an Error. */
  readonly facts: Map<string, Partial<ContainerFacts> | Error>;
  readonly inspected: string[];
  /** Starts of containers that only a list has named. */
  readonly unannounced: number[];
  /** Debug messages, which the agent shows at -dd. */
  readonly said: string[];
  /** Pending timers. `pass` fires them. */
  readonly waiting: ReadonlySet<() => void>;
  pass(): void;
  now: number;
  event(action: string, id: string, more?: Partial<LifecycleEvent>): void;
  /** Ends the first process of a container: its pidfd becomes readable. */
  exit(id: string): void;
  /** Resolves when answers to inspect have arrived. */
  settle(): Promise<void>;
}

function makeTimers() {
  const waiting = new Set<() => void>();
  function after(_: number, callback: () => void) {
    const fire = (): void => {
      if (waiting.delete(fire)) callback();
    };
    waiting.add(fire);
    return { cancel: () => void waiting.delete(fire) };
  }
  return { waiting, after };
}

const FACTS = { name: "?", hostname: "?", state: "running", cpus: undefined, startedAt: undefined };

export function makeWorld({ useHostname = false, numbered = [] as readonly Numbered[] } = {}): FakeWorld {
  const processes = new Map<string, FakeProcess>();
  const [samples, removed, withdrawn]: [Sample[], string[], string[]] = [[], [], []];
  const [inspected, said, unannounced]: [string[], string[], number[]] = [[], [], []];
  const facts: FakeWorld["facts"] = new Map();
  const foreign = new Set<number>();
  const { host, end } = makeKernel(processes, foreign);
  const { waiting, after } = makeTimers();
  const agent = { poller: makeRecorder(samples, removed, withdrawn), numbered: () => numbered };
  const flows = { annotate: () => () => undefined };
  const registry = new WorkloadRegistry({ host, agent, flows, interfaces: new FakeInterfaces() });
  const source = registry.open({ keyword: "docker", rank: 2, nameTraffic: false });
  const containers = new Containers({
    source,
    clock: { uptime: () => world.now, after },
    async inspect(container) {
      inspected.push(container);
      const answer = facts.get(container);
      if (answer instanceof Error) throw answer;
      if (answer === undefined) return undefined;
      return { ...FACTS, id: container, pid: processes.get(container)?.pid ?? 0, ...answer };
    },
    wall: () => world.now / 1000,
    settled: () => source.settled(),
    unannounced: (startedAt) => void unannounced.push(startedAt),
    queue: new WorkQueue(makeFakeClock()),
    useHostname,
    debug: (message) => void said.push(message()),
  });
  const world: FakeWorld = {
    ...{ processes, foreign, samples, removed, withdrawn, facts, inspected, said, unannounced, waiting, containers },
    pass() {
      for (const fire of [...waiting]) fire();
    },
    now: 1000,
    event(action, container, more = {}) {
      const event = { action, id: container, name: undefined, time: world.now / 1000, exitCode: undefined };
      containers.onEvent({ ...event, ...more });
    },
    exit(container) {
      const process = processes.get(container);
      if (process !== undefined) process.alive = false;
      end(process?.pid);
    },
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
  return world;
}

export const running = (more: Partial<FakeProcess> = {}): FakeProcess => ({
  pid: 42,
  alive: true,
  group: true,
  pidfd: true,
  cpu: 10,
  ...more,
});

export const A = id("a");

/** Returns a world with one container, named web, that has just started. */
export function begun(more: Parameters<typeof running>[0] = {}): FakeWorld {
  const world = makeWorld();
  world.processes.set(A, running(more));
  world.facts.set(A, { name: "web" });
  world.event("start", A, { name: "web" });
  return world;
}

/** Returns state and processor time of each sample. */
export const lives = ({ samples }: FakeWorld): unknown[] => samples.map(({ state, cpuTime }) => [state, cpuTime]);
