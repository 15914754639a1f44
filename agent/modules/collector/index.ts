// collector { } at work: each block is a collector of its own, and none waits for another.

import type { Context, ProbeReport, ProbeView, Running } from "../module.ts";
import type { CollectorConfig } from "./config.ts";
import { UdpCollector } from "./udp-collector.ts";

interface Placed {
  readonly block: CollectorConfig;
  readonly collector: UdpCollector;
}

export function create(blocks: readonly CollectorConfig[], context: Context): Running<readonly CollectorConfig[]> {
  const place = (block: CollectorConfig): Placed => ({ block, collector: new UdpCollector(block, context) });
  let placed = blocks.map(place);
  return {
    start() {
      for (const { collector } of placed) collector.start();
    },
    stop() {
      for (const { collector } of placed) collector.stop();
    },
    /** New ones join before old ones leave, so that at no moment there is nobody to send to. */
    reconfigure(next) {
      const left = [...placed];
      const keep = (block: CollectorConfig): Placed | undefined => {
        const at = left.findIndex((old) => isSame(old.block, block));
        return at < 0 ? undefined : left.splice(at, 1)[0];
      };
      const kept = next.map((block) => [block, keep(block)] as const);
      placed = kept.map(([block, old]) => (old === undefined ? begin(place(block)) : renew(old, block)));
      for (const { collector } of left) collector.stop();
    },
    report: () => ({ collectors: placed.map(({ collector }) => collector.report()) }),
    counters: () => Object.fromEntries(placed.flatMap(({ collector }) => countersOf(collector))),
  };
}

/** Whether its name is asked for here. */
const isAsked = ({ addresses }: CollectorConfig): boolean => addresses === undefined;

const isSame = (a: CollectorConfig, b: CollectorConfig): boolean =>
  a.ip === b.ip &&
  a.udpport === b.udpport &&
  a.dev === b.dev &&
  a.namespace === b.namespace &&
  isAsked(a) === isAsked(b);

function renew({ collector }: Placed, block: CollectorConfig): Placed {
  if (block.addresses !== undefined) collector.offer(block.addresses);
  return { block, collector };
}

function begin(placed: Placed): Placed {
  placed.collector.start();
  return placed;
}

function countersOf({ name, counters, failures }: UdpCollector): [string, number][] {
  const plain = Object.entries(counters).map(([counter, value]): [string, number] => [`${name} ${counter}`, value]);
  const failed = [...failures].map(([error, count]): [string, number] => [`${name} failed ${error}`, count]);
  return [...plain, ...failed];
}

/** Loaded by the one command that asks for it. */
export const probe = async (configs: readonly CollectorConfig[], view: ProbeView): Promise<readonly ProbeReport[]> =>
  (await import("./probe.ts")).probe(configs, view);
