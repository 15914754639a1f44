// metrics { } at work: serves a page that is made on request.

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { PageAddress, ServedPage } from "../../host/host.ts";
import { WorkQueue } from "../../host/work-queue.ts";
import type { Context, Running } from "../module.ts";
import type { MetricsConfig } from "./config.ts";
import { expose } from "./exposition.ts";
import { familiesOf, type ProcessFigures } from "./families.ts";

/** Milliseconds between measurements of the delay. Each wakes the process; together they cost 0.01 % of a processor. */
const RESOLUTION = 100;
const NANOSECONDS = 1e9;

function measureDelay(): { take(): ProcessFigures["delay"]; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  histogram.enable();
  /** The histogram has the whole time between two measurements, which includes the interval itself. */
  const delayOf = (nanoseconds: number): number => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION / 1000);
  return {
    take() {
      const { mean, max } = histogram;
      const none = Number.isNaN(mean);
      histogram.reset();
      return none ? { mean: 0, max: 0 } : { mean: delayOf(mean), max: delayOf(max) };
    },
    stop: () => void histogram.disable(),
  };
}

const figures = (delay: ProcessFigures["delay"]): ProcessFigures => {
  const { user, system } = process.cpuUsage();
  const processor = (user + system) / 1e6;
  return { memory: process.memoryUsage.rss(), uptime: process.uptime(), now: Date.now() / 1000, processor, delay };
};

const addressOf = ({ socket, port, bind }: MetricsConfig): PageAddress =>
  port === undefined ? { path: socket } : { port, bind };

export function create(config: MetricsConfig, context: Context): Running {
  const { host, wholeStatus } = context;
  if (wholeStatus === undefined) throw new Error("metrics { } has no status source");
  const delay = measureDelay();
  const counters = { pages: 0 };
  let served: ServedPage | undefined;
  const queue = new WorkQueue(host.clock);
  const page = async () => {
    counters.pages++;
    return expose(familiesOf(await wholeStatus(), figures(delay.take())), queue);
  };
  return {
    async start() {
      served = await host.servePage(addressOf(config), page, config.token);
    },
    stop() {
      delay.stop();
      served?.close();
    },
    counters: () => ({ ...counters }),
  };
}
