// An agent whose samples a test takes by hand.

import type { Poller, ReadCounters, SflowAgent } from "../../agent/sflow/agent.ts";
import { type DataSource, showDataSource } from "../../agent/sflow/data-source.ts";
import type { CounterRecord } from "../../agent/sflow/record.ts";

export interface FakePoller extends Poller {
  readonly readers: ReadCounters[];
  discontinuities: number;
  subject: string;
}

export interface FakeAgent extends SflowAgent {
  /** By data source: "2:1". Those that were removed are not there. */
  readonly pollers: ReadonlyMap<string, FakePoller>;
  /** The records of a sample by their name, in the order contributed; undefined where nobody polls the source. */
  sample(source: string): Record<string, Record<string, unknown>> | undefined;
  /** The same as they are; none where nobody polls the source. */
  read(source: string): readonly CounterRecord[];
}

export function makeFakeAgent(): FakeAgent {
  const pollers = new Map<string, FakePoller>();
  const unused = (): never => {
    throw new Error("no samplers and notifiers here");
  };

  function makePoller(source: DataSource): FakePoller {
    const readers: ReadCounters[] = [];
    const poller: FakePoller = {
      source,
      readers,
      discontinuities: 0,
      subject: "",
      contribute(read) {
        readers.push(read);
        return () => void readers.splice(readers.indexOf(read), 1);
      },
      discontinuity: () => void poller.discontinuities++,
      setSubject(subject) {
        const other = poller.subject !== "" && poller.subject !== subject;
        poller.subject = subject;
        if (other) poller.discontinuities++;
        return other;
      },
      sampleNow: () => undefined,
      remove: () => void pollers.delete(showDataSource(source)),
    };
    pollers.set(showDataSource(source), poller);
    return poller;
  }

  function read(source: string): readonly CounterRecord[] {
    const records: CounterRecord[] = [];
    for (const reader of [...(pollers.get(source)?.readers ?? [])]) reader(records);
    return records;
  }

  return {
    pollers,
    sampler: unused,
    notifier: unused,
    numbered: () => [],
    poller: (source) => pollers.get(showDataSource(source)) ?? makePoller(source),
    sample(source) {
      if (!pollers.has(source)) return undefined;
      const values = read(source).map((record) => [record.type.name, record.value as Record<string, unknown>] as const);
      return Object.fromEntries(values);
    },
    read,
  };
}
