// The records of one interface's sample.

import { makeIfCounters } from "../../counters/if-counters.ts";
import { readLagPortStats } from "../../counters/lag-port-stats.ts";
import { readPortName } from "../../counters/port-name.ts";
import type { Interfaces } from "../../interfaces/adaptor.ts";
import { makeBackwards } from "../../sflow/backwards.ts";
import type { CounterRecord } from "../../sflow/record.ts";

export interface InterfaceReading {
  readonly records: readonly CounterRecord[];
  readonly backwards: boolean;
}

const NOTHING: InterfaceReading = { records: [], backwards: false };

/** Nothing where the interface is gone, or the kernel does not answer. */
export function makeInterfaceReader(interfaces: Interfaces, index: number): () => InterfaceReading {
  const ifCounters = makeIfCounters();
  const goneBack = makeBackwards();
  return () => {
    const adaptor = interfaces.byIndex(index);
    const counters = interfaces.counters(index);
    if (adaptor === undefined || counters === undefined) return NOTHING;
    const records = [ifCounters(adaptor, counters), readPortName(adaptor)];
    const bonding = adaptor.master === 0 ? undefined : interfaces.bonding(index);
    if (bonding !== undefined) records.push(readLagPortStats(bonding));
    return { records, backwards: goneBack(records) };
  };
}
