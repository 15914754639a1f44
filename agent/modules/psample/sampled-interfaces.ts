// The interfaces that had samples: their data sources, polling of their counters, and their figures for status.

import type { Interfaces } from "../../interfaces/adaptor.ts";
import type { Table, TapReport } from "../../report/report.ts";
import { type DataSource, interfaceSource } from "../../sflow/data-source.ts";

/** One interface, with counters by psample group. */
interface Sampled {
  readonly source: DataSource;
  readonly stopPolling: () => void;
  readonly groups: Map<number, Share>;
}

interface Share {
  /** Sampling rate of the last sample: N of 1-in-N. */
  samplingRate: number;
  packets: number;
  drops: number;
}

export class SampledInterfaces {
  readonly #interfaces: Interfaces;
  readonly #byIndex = new Map<number, Sampled>();

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces;
  }

  /** Counts a sample and the `drops` samples missing before it. Returns the data source of the interface. */
  count(index: number, group: number, samplingRate: number, drops: number): DataSource {
    const sampled = this.#byIndex.get(index) ?? this.#begin(index);
    const share = shareOf(sampled, group);
    share.samplingRate = samplingRate;
    share.packets++;
    share.drops += drops;
    return sampled.source;
  }

  forget(index: number): void {
    this.#byIndex.get(index)?.stopPolling();
    this.#byIndex.delete(index);
  }

  stop(): void {
    for (const index of [...this.#byIndex.keys()]) this.forget(index);
  }

  taps(): TapReport[] {
    return this.#named().map(({ index, name, groups }) => {
      const shares = [...groups.values()];
      const rate = Math.min(...shares.map(({ samplingRate }) => samplingRate));
      return {
        ...({ state: "sampled", named: false, engine: "psample", obstacle: undefined } as const),
        ...{ interface: name, index, rate, rateInForce: rate },
        why: `psample group ${[...groups.keys()].join(" and ")}`,
        packets: shares.reduce((sum, { packets }) => sum + packets, 0),
        drops: shares.reduce((sum, { drops }) => sum + drops, 0),
      };
    });
  }

  table(): Table {
    return {
      title: "psample: samples by group",
      columns: ["group", "interface", "rate", "packets", "drops"],
      rows: this.#named().flatMap(({ name, groups }) =>
        [...groups].map(([group, { samplingRate, packets, drops }]) => [
          ...[String(group), name],
          ...[samplingRate, packets, drops],
        ]),
      ),
      metric: "psample_group",
    };
  }

  #begin(index: number): Sampled {
    const sampled: Sampled = {
      source: interfaceSource(index),
      stopPolling: this.#interfaces.poll(index),
      groups: new Map(),
    };
    this.#byIndex.set(index, sampled);
    return sampled;
  }

  #named() {
    return [...this.#byIndex].flatMap(([index, { groups }]) => {
      const adaptor = this.#interfaces.byIndex(index);
      return adaptor === undefined ? [] : [{ index, name: adaptor.name, groups }];
    });
  }
}

function shareOf({ groups }: Sampled, group: number): Share {
  const known = groups.get(group);
  if (known !== undefined) return known;
  const share = { samplingRate: 0, packets: 0, drops: 0 };
  groups.set(group, share);
  return share;
}
