// collector { } at work: each block is a collector of its own, and none waits for another.

import { WorkQueue } from "../../host/work-queue.ts";
import type { Context, ProbeReport, ProbeView, Running } from "../module.ts";
import type { CollectorConfig } from "./config.ts";
import { UdpCollector } from "./udp-collector.ts";

interface Entry {
  readonly block: CollectorConfig;
  readonly collector: UdpCollector;
}

export function create(blocks: readonly CollectorConfig[], context: Context): Running<readonly CollectorConfig[]> {
  const makeEntry = (block: CollectorConfig): Entry => ({ block, collector: new UdpCollector(block, context) });
  let entries = blocks.map(makeEntry);
  let stopped = false;
  const queue = new WorkQueue(context.host.clock);
  /** Opens collectors in slices, because each takes up to half a millisecond. */
  async function startAll(some: readonly Entry[]): Promise<void> {
    for (const { collector } of some) {
      const turn = queue.next();
      if (turn !== undefined) await turn;
      if (stopped) return;
      collector.start();
    }
  }
  return {
    start: () => startAll(entries),
    stop() {
      stopped = true;
      for (const { collector } of entries) collector.stop();
    },
    /** Starts the new collectors before it stops the old ones, so that there is always one to send to. */
    async reconfigure(next) {
      const left = [...entries];
      const takeSame = (block: CollectorConfig): Entry | undefined => {
        const at = left.findIndex((old) => isSame(old.block, block));
        return at < 0 ? undefined : left.splice(at, 1)[0];
      };
      const pairs = next.map((block) => [block, takeSame(block)] as const);
      entries = pairs.map(([block, old]) => (old === undefined ? makeEntry(block) : renew(old, block)));
      await startAll(entries.filter((_, i) => pairs[i]?.[1] === undefined));
      for (const { collector } of left) {
        const turn = queue.next();
        if (turn !== undefined) await turn;
        collector.stop();
      }
    },
    report: () => ({ collectors: entries.map(({ collector }) => collector.report()) }),
    counters: () => Object.fromEntries(entries.flatMap(({ collector }) => countersOf(collector))),
  };
}

/** Whether the collector itself resolves its name. */
const resolvesName = ({ addresses }: CollectorConfig): boolean => addresses === undefined;

const isSame = (a: CollectorConfig, b: CollectorConfig): boolean =>
  a.ip === b.ip &&
  a.udpport === b.udpport &&
  a.dev === b.dev &&
  a.namespace === b.namespace &&
  a.samples === b.samples &&
  resolvesName(a) === resolvesName(b);

function renew({ collector }: Entry, block: CollectorConfig): Entry {
  if (block.addresses !== undefined) collector.offer(block.addresses);
  return { block, collector };
}

function countersOf({ name, counters, failures }: UdpCollector): [string, number][] {
  const plain = Object.entries(counters).map(([counter, value]): [string, number] => [`${name} ${counter}`, value]);
  const failed = [...failures].map(([error, count]): [string, number] => [`${name} failed ${error}`, count]);
  return [...plain, ...failed];
}

/** Loaded by the one command that asks for it. */
export const probe = async (configs: readonly CollectorConfig[], view: ProbeView): Promise<readonly ProbeReport[]> =>
  (await import("./probe.ts")).probe(configs, view);
