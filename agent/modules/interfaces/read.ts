// The records in the counters sample of one interface.

import { makeIfCounters } from "../../counters/if-counters.ts";
import { readLagPortStats } from "../../counters/lag-port-stats.ts";
import { readPortName } from "../../counters/port-name.ts";
import type { Interfaces } from "../../interfaces/adaptor.ts";
import { otherFormats } from "../../interfaces/other-formats.ts";
import type { CounterRecord } from "../../sflow/record.ts";

/** Returns a reader of one interface. The reader returns no records while the counters are unknown. */
export function makeInterfaceReader(interfaces: Interfaces, index: number): () => readonly CounterRecord[] {
  const ifCounters = makeIfCounters();
  return () => {
    const adaptor = interfaces.byIndex(index);
    const counters = interfaces.counters(index);
    if (adaptor === undefined || counters === undefined) return [];
    const records = [ifCounters(adaptor, counters), readPortName(adaptor)];
    const bonding = adaptor.master === 0 ? undefined : interfaces.bonding(index);
    if (bonding !== undefined) records.push(readLagPortStats(bonding));
    const provided = interfaces.portRecords(index);
    return [...otherFormats(records, provided), ...provided];
  };
}
