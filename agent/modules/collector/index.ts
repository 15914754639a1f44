// collector { } at work: each block is a collector of its own, and none waits for another.

import type { Context, Running } from "../module.ts";
import type { CollectorConfig } from "./config.ts";
import { UdpCollector } from "./udp-collector.ts";

export function create(blocks: readonly CollectorConfig[], context: Context): Running {
  const collectors = blocks.map((block) => new UdpCollector(block, context));
  return {
    start() {
      for (const collector of collectors) collector.start();
    },
    stop() {
      for (const collector of collectors) collector.stop();
    },
    counters: () => Object.fromEntries(collectors.flatMap(countersOf)),
  };
}

function countersOf({ name, counters, failures }: UdpCollector): [string, number][] {
  const plain = Object.entries(counters).map(([counter, value]): [string, number] => [`${name} ${counter}`, value]);
  const failed = [...failures].map(([error, count]): [string, number] => [`${name} failed ${error}`, count]);
  return [...plain, ...failed];
}
