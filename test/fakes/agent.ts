// An sFlow agent that keeps what modules write, and polls only when a test asks for it.

import type {
  CustomSamples,
  DroppedPacket,
  Notifier,
  Numbered,
  OperationSampler,
  Poller,
  ReadCounters,
  SampledOperation,
  Sampler,
  SflowAgent,
} from "../../agent/sflow/agent.ts";
import { CounterHistory } from "../../agent/sflow/counter-history.ts";
import type { CustomField } from "../../agent/sflow/custom-types.ts";
import { type DataSource, showDataSource } from "../../agent/sflow/data-source.ts";
import type { CounterRecord } from "../../agent/sflow/record.ts";
import { byFormat } from "../../agent/sflow/sample.ts";
import type { SampledPackets } from "../../agent/sflow/sampled-packets.ts";

export interface FakePoller extends Poller {
  readonly readers: ReadCounters[];
  /** How many samples started the sequence again. */
  discontinuities: number;
  subject: string;
  /** The interval of this source alone. */
  polling: number | undefined;
  /** The records of each `sampleNow` and `write`. */
  readonly sampled: (readonly CounterRecord[])[];
}

/** A batch of packets as a sampler took it: values only, for its columns are used again. */
export interface WrittenPackets {
  readonly source: string;
  readonly count: number;
  readonly samplingRate: number;
  readonly drops: number;
  readonly ports: readonly (readonly [input: number | undefined, output: number | undefined])[];
}

export interface WrittenOperation extends SampledOperation {
  readonly source: string;
}

export interface WrittenCustom {
  readonly kind: "metrics" | "flow";
  readonly dataSource: string;
  readonly samplingRate: number;
  readonly fields: readonly CustomField[];
}

export interface WrittenDrop extends DroppedPacket {
  readonly source: string;
}

/** Data sources are named as in "2:1". */
export interface FakeAgent extends SflowAgent {
  /** Without those that were removed. */
  readonly pollers: ReadonlyMap<string, FakePoller>;
  /** Packet samples of all data sources, in the order written. */
  readonly written: WrittenPackets[];
  readonly operations: WrittenOperation[];
  readonly customs: WrittenCustom[];
  /** The sample pool of each data source. */
  readonly pools: Map<string, number>;
  readonly forgotten: string[];
  /** Notifications of all data sources, and how many more were reported as lost. */
  readonly dropped: WrittenDrop[];
  readonly lost: Map<string, number>;
  /** Returns a counter sample's records by name, in the order contributed; undefined where the source has no poller. */
  sample(source: string): Record<string, Record<string, unknown>> | undefined;
  /** Returns the same records as a list; it is empty where the source has no poller. */
  read(source: string): readonly CounterRecord[];
}

class RecordingAgent implements FakeAgent {
  readonly pollers = new Map<string, FakePoller>();
  readonly written: WrittenPackets[] = [];
  readonly operations: WrittenOperation[] = [];
  readonly customs: WrittenCustom[] = [];
  readonly pools = new Map<string, number>();
  readonly forgotten: string[] = [];
  readonly custom: CustomSamples = {
    writeMetrics: (dataSource, fields) => this.#writeCustom("metrics", dataSource, 1, fields),
    writeFlow: (dataSource, samplingRate, fields) => this.#writeCustom("flow", dataSource, samplingRate, fields),
  };
  readonly dropped: WrittenDrop[] = [];
  readonly lost = new Map<string, number>();
  readonly #numbered: readonly Numbered[];
  /** Compare the records of a sample with those of the one before, as the agent's poller does. */
  readonly #checks = new Map<Poller, (records: readonly CounterRecord[]) => void>();

  constructor(numbered: readonly Numbered[]) {
    this.#numbered = numbered;
  }

  numbered = (): readonly Numbered[] => this.#numbered;

  collect(write: () => boolean): void {
    write();
  }

  sampler(source: DataSource): Sampler {
    const write = ({ count, samplingRate, drops, input, output }: SampledPackets): void => {
      const ports = Array.from({ length: count }, (_, i) => [input[i], output[i]] as const);
      this.written.push({ source: showDataSource(source), count, samplingRate, drops, ports });
    };
    return { source, write };
  }

  operationSampler(source: DataSource): OperationSampler {
    const name = showDataSource(source);
    return {
      pass: (count) => void this.pools.set(name, (this.pools.get(name) ?? 0) + count),
      writeOperation: (operation) => void this.operations.push({ ...operation, source: name }),
    };
  }

  forget(source: DataSource): void {
    this.forgotten.push(showDataSource(source));
    this.pollers.delete(showDataSource(source));
  }

  #writeCustom(
    ...[kind, dataSource, samplingRate, fields]: ["metrics" | "flow", string, number, readonly CustomField[]]
  ) {
    this.customs.push({ kind, dataSource, samplingRate, fields });
    return 0;
  }

  notifier(source: DataSource): Notifier {
    const name = showDataSource(source);
    return {
      source,
      write: (drop) => void this.dropped.push({ ...drop, source: name }),
      setLimit: () => undefined,
      lose: (count) => void this.lost.set(name, (this.lost.get(name) ?? 0) + count),
    };
  }

  poller = (source: DataSource): FakePoller => this.pollers.get(showDataSource(source)) ?? this.#addPoller(source);

  #addPoller(source: DataSource): FakePoller {
    const name = showDataSource(source);
    const readers: ReadCounters[] = [];
    const listeners = new Set<() => void>();
    const history = new CounterHistory();
    let changedSubject = false;
    const poller: FakePoller = {
      source,
      readers,
      discontinuities: 0,
      subject: "",
      sampled: [],
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
      sampleNow: () => void poller.sampled.push(this.read(name)),
      polling: undefined,
      write: (records) => void poller.sampled.push(records),
      setPolling: (seconds) => void Object.assign(poller, { polling: seconds }),
      remove: () => void this.pollers.delete(name),
    };
    this.#checks.set(poller, (records) => {
      if (!history.update([...records].sort(byFormat)) && !changedSubject) return;
      changedSubject = false;
      poller.discontinuities++;
      for (const listener of listeners) listener();
    });
    this.pollers.set(name, poller);
    return poller;
  }

  sample(source: string): Record<string, Record<string, unknown>> | undefined {
    if (!this.pollers.has(source)) return undefined;
    const records = this.read(source);
    return Object.fromEntries(records.map(({ type, value }) => [type.name, value as Record<string, unknown>]));
  }

  read(source: string): readonly CounterRecord[] {
    const records: CounterRecord[] = [];
    const poller = this.pollers.get(source);
    if (poller === undefined) return records;
    for (const reader of [...poller.readers]) reader(records);
    this.#checks.get(poller)?.(records);
    return records;
  }
}

/** `numbered` are the data sources that have numbers of an earlier process. */
export const makeFakeAgent = (numbered: readonly Numbered[] = []): FakeAgent => new RecordingAgent(numbered);
