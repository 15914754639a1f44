// An SflowAgent for tests. A test takes each sample itself.

import type { Poller, ReadCounters, SflowAgent } from "../../agent/sflow/agent.ts";
import { CounterHistory } from "../../agent/sflow/counter-history.ts";
import { type DataSource, showDataSource } from "../../agent/sflow/data-source.ts";
import type { CounterRecord } from "../../agent/sflow/record.ts";
import { byFormat } from "../../agent/sflow/sample.ts";

export interface FakePoller extends Poller {
  readonly readers: ReadCounters[];
  /** The samples that started the sequence again. */
  discontinuities: number;
  subject: string;
}

export interface FakeAgent extends SflowAgent {
  /** Pollers by data source, such as "2:1". Removed pollers are absent. */
  readonly pollers: ReadonlyMap<string, FakePoller>;
  /** Takes a sample. Returns its records by name, in the order added; undefined if the source has no poller. */
  sample(source: string): Record<string, Record<string, unknown>> | undefined;
  /** Takes a sample. Returns its records in the order added; none if the source has no poller. */
  read(source: string): readonly CounterRecord[];
}

export function makeFakeAgent(): FakeAgent {
  const pollers = new Map<string, FakePoller>();
  const checks = new Map<string, (records: readonly CounterRecord[]) => void>();
  const unused = (): never => {
    throw new Error("no samplers and notifiers here");
  };

  function makePoller(source: DataSource): FakePoller {
    const key = showDataSource(source);
    const readers: ReadCounters[] = [];
    const listeners = new Set<() => void>();
    const history = new CounterHistory();
    let changedSubject = false;
    const poller: FakePoller = {
      source,
      readers,
      discontinuities: 0,
      subject: "",
      contribute(read, onDiscontinuity = () => undefined) {
        readers.push(read);
        listeners.add(onDiscontinuity);
        return () => {
          readers.splice(readers.indexOf(read), 1);
          listeners.delete(onDiscontinuity);
        };
      },
      setSubject(subject) {
        const other = poller.subject !== "" && poller.subject !== subject;
        poller.subject = subject;
        changedSubject ||= other;
        return other;
      },
      sampleNow: () => undefined,
      remove: () => void pollers.delete(key),
    };
    checks.set(key, (records) => {
      if (!history.update([...records].sort(byFormat)) && !changedSubject) return;
      changedSubject = false;
      poller.discontinuities++;
      for (const listener of listeners) listener();
    });
    pollers.set(key, poller);
    return poller;
  }

  function read(source: string): readonly CounterRecord[] {
    const records: CounterRecord[] = [];
    for (const reader of [...(pollers.get(source)?.readers ?? [])]) reader(records);
    if (pollers.has(source)) checks.get(source)?.(records);
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
