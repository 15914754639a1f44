// docker { }: reports containers. Events of the engine tell which ones run; counters are read from cgroups and network
// namespaces. See README.md in this folder.

import { WorkQueue } from "../../host/work-queue.ts";
import type { WorkloadSource } from "../../workloads/workloads.ts";
import type { Context, Running } from "../module.ts";
import type { DockerConfig } from "./config.ts";
import { Containers } from "./containers.ts";
import { zeroCounters } from "./counters.ts";
import { DockerEngine } from "./engine.ts";
import { Following } from "./follow.ts";

/** Rank among the blocks that can report virt_node, in the same order as hsflowd. */
const RANK = 2;

interface AtWork {
  readonly source: WorkloadSource;
  readonly containers: Containers;
  readonly following: Following;
}

class DockerBlock implements Running {
  readonly #config: DockerConfig;
  readonly #context: Context;
  #malformed = 0;
  #atWork: AtWork | undefined;

  constructor(config: DockerConfig, context: Context) {
    this.#config = config;
    this.#context = context;
  }

  start(): void {
    const { host, workloads, log } = this.#context;
    const { clock } = host;
    const { hostname: useHostname, markTraffic: nameTraffic, socket } = this.#config;
    const queue = new WorkQueue(clock);
    const engine = new DockerEngine(socket, host, queue, (what) => this.#onBad(what));
    const source = workloads.open({ keyword: "docker", rank: RANK, nameTraffic });
    const containers = new Containers({
      source,
      clock,
      useHostname,
      inspect: (id) => engine.inspect(id),
      wall: () => Number(clock.wallNanoseconds() / 1000n) / 1e6,
      settled: () => source.settled(),
      unannounced: (startedAt) => following.onUnannounced(startedAt),
      debug: (message) => log.debug(1, message),
      queue,
    });
    const following: Following = new Following(engine, clock, containers, log);
    this.#atWork = { source, containers, following };
  }

  stop(): void {
    this.#atWork?.following.stop();
    this.#atWork?.containers.stop();
    this.#atWork?.source.stop();
  }

  report() {
    const { obstacle, remedy } = this.#atWork?.following.state ?? {};
    return { obstacle, remedy };
  }

  counters() {
    const { containers, following, source } = this.#atWork ?? {};
    return {
      running: containers?.running ?? 0,
      ...(containers?.counters ?? zeroCounters()),
      ...following?.counters,
      samples: source?.marks.samples ?? 0,
      marked: source?.marks.marked ?? 0,
      malformed: this.#malformed,
    };
  }

  #onBad(what: string): void {
    this.#malformed++;
    this.#context.log.debug(1, () => `unusable answer from the engine, ignored: ${what.slice(0, 200)}`);
  }
}

export function create(config: DockerConfig, context: Context): Running {
  return new DockerBlock(config, context);
}
