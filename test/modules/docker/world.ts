// Containers without an engine or a kernel: lives that a test ends, answers that it gives, samples that it reads.

import type { ContainerFacts, LifecycleEvent } from "../../../agent/modules/docker/answers.ts";
import { type Containers, makeContainers } from "../../../agent/modules/docker/containers.ts";
import type { Numbered } from "../../../agent/sflow/agent.ts";
import type { CounterRecord } from "../../../agent/sflow/record.ts";
import type { Life } from "../../../agent/workloads/process-group.ts";
import { NO_READINGS, type Readings } from "../../../agent/workloads/records.ts";

export const id = (digit: string): string => digit.repeat(64);

/** What the kernel knows of one container. */
export interface FakeProcess {
  pid: number | undefined;
  alive: boolean;
  /** Its control group lies where its id says. */
  group: boolean;
  /** The kernel has pidfds. */
  pidfd: boolean;
  cpu: number;
  limit?: number;
}

export interface Sample {
  readonly source: string;
  readonly hostname: string;
  readonly state: number;
  readonly cpuTime: number | undefined;
  readonly maxMemory: unknown;
}

export interface FakeWorld {
  readonly containers: Containers;
  readonly processes: Map<string, FakeProcess>;
  readonly samples: Sample[];
  readonly removed: string[];
  /** Whose counters were taken out while it ran. */
  readonly withdrawn: string[];
  /** Answers of inspect; an error rejects. */
  readonly facts: Map<string, Partial<ContainerFacts> | Error>;
  readonly inspected: string[];
  /** What is shown at -dd. */
  readonly said: string[];
  /** Timers that wait; `pass` fires them. */
  readonly waiting: ReadonlySet<() => void>;
  pass(): void;
  now: number;
  event(action: string, id: string, more?: Partial<LifecycleEvent>): void;
  /** The pidfd of its first process becomes readable. */
  exit(id: string): void;
  /** Until answers of inspect have arrived. */
  settle(): Promise<void>;
}

const group = { unified: undefined, cpuacct: "/c", memory: "/m", blkio: "/b" };

export function makeWorld({ useHostname = false, numbered = [] as readonly Numbered[] } = {}): FakeWorld {
  const processes = new Map<string, FakeProcess>();
  const samples: Sample[] = [];
  const removed: string[] = [];
  const withdrawn: string[] = [];
  const facts: FakeWorld["facts"] = new Map();
  const inspected: string[] = [];
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const watches = new Map<string, () => void>();

  function begin(container: string, onEnd: () => void): Life {
    const process = processes.get(container);
    let pid = process?.group && process.alive ? process.pid : undefined;
    let ended = false;
    let over = process?.group === true && !process.alive;
    let readings: Readings = NO_READINGS;
    const watched = (): boolean => pid !== undefined && !ended && process?.pidfd === true;
    const read = (): Readings => {
      if (!ended && pid !== undefined) readings = { ...NO_READINGS, cpuTime: process?.cpu, memory: 5 };
      if (!ended && over) readings = { ...NO_READINGS, cpuTime: process?.cpu };
      return readings;
    };
    const end = (): void => {
      if (ended) return;
      read();
      ended = true;
      onEnd();
    };
    if (process?.pidfd) watches.set(container, end);
    return {
      get pid() {
        return pid;
      },
      get group() {
        return pid !== undefined || over ? group : undefined;
      },
      network: undefined,
      get over() {
        return over;
      },
      startTime: "1",
      get watched() {
        return watched();
      },
      get alive() {
        return pid !== undefined && process?.alive === true;
      },
      read,
      adopt(value) {
        if (process?.alive) pid = value;
        else over = true;
      },
      end,
      release() {
        ended = true;
      },
    };
  }

  function poller(source: { class: number; index: number }) {
    const key = `${source.class}:${source.index}`;
    let reader: ((into: CounterRecord[]) => void) | undefined;
    return {
      source,
      contribute(read: (into: CounterRecord[]) => void) {
        reader = read;
        return () => {
          reader = undefined;
          withdrawn.push(key);
        };
      },
      setSubject: () => false,
      sampleNow() {
        const records: CounterRecord[] = [];
        reader?.(records);
        const value = (format: number) =>
          (records.find(({ type }) => type.format === format)?.value ?? {}) as Record<string, unknown>;
        samples.push({
          source: key,
          hostname: String(value(2000)["hostname"]),
          state: Number(value(2101)["state"]),
          cpuTime: value(2101)["cpuTime"] as number | undefined,
          maxMemory: value(2102)["maxMemory"],
        });
      },
      remove: () => void removed.push(key),
    };
  }

  const world: FakeWorld = {
    processes,
    samples,
    removed,
    withdrawn,
    facts,
    inspected,
    said,
    waiting,
    pass() {
      for (const fire of [...waiting]) fire();
    },
    now: 1000,
    containers: makeContainers({
      poller,
      numbered,
      async inspect(container) {
        inspected.push(container);
        const answer = facts.get(container);
        if (answer instanceof Error) throw answer;
        if (answer === undefined) return undefined;
        const pid = processes.get(container)?.pid ?? 0;
        return {
          id: container,
          name: "?",
          hostname: "?",
          pid,
          state: "running",
          cpus: undefined,
          startedAt: undefined,
          ...answer,
        };
      },
      begin,
      limits: () => ({ memory: [...processes.values()][0]?.limit, processors: undefined }),
      hostFacts: { machineType: 3, osName: 2, osRelease: "6", processors: 4, memory: 1e9 },
      now: () => world.now,
      after(_, callback) {
        const fire = (): void => {
          if (waiting.delete(fire)) callback();
        };
        waiting.add(fire);
        return { cancel: () => void waiting.delete(fire) };
      },
      wall: () => world.now / 1000,
      useHostname,
      debug: (message) => void said.push(message()),
    }),
    event(action, container, more = {}) {
      const event = { action, id: container, name: undefined, time: world.now / 1000, exitCode: undefined };
      world.containers.onEvent({ ...event, ...more });
    },
    exit(container) {
      const process = processes.get(container);
      if (process !== undefined) process.alive = false;
      watches.get(container)?.();
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

/** One container, named web, that has just started. */
export function begun(more: Parameters<typeof running>[0] = {}): FakeWorld {
  const world = makeWorld();
  world.processes.set(A, running(more));
  world.facts.set(A, { name: "web" });
  world.event("start", A, { name: "web" });
  return world;
}

/** State and processor time of each sample. */
export const lives = ({ samples }: FakeWorld): unknown[] => samples.map(({ state, cpuTime }) => [state, cpuTime]);
