// The sFlow agent as its modules see it: ask for a sampler, poller or notifier, and forget numbering and datagrams.
// SFLOW-MIB.

import type { DataSource } from "./data-source.ts";
import type { CounterRecord, FlowRecord } from "./record.ts";
import type { SampledPackets } from "./sampled-packets.ts";

/** Synchronous; adds the records it has. A reader that finds nothing adds nothing. */
export type ReadCounters = (into: CounterRecord[]) => void;

export interface Sampler {
  readonly source: DataSource;
  /** Numbers, pools and sends every packet of the batch; the columns may be used again when it returns. */
  write(packets: SampledPackets): void;
}

export interface Poller {
  readonly source: DataSource;
  /**
   * Adds a reader. Every sample calls the readers in the order they were added. Returns a function that removes it.
   * `onDiscontinuity` is called when a sample starts the sequence again at 1, because a counter went backwards or the
   * subject changed: no collector then computes a delta.
   */
  contribute(read: ReadCounters, onDiscontinuity?: () => void): () => void;
  /**
   * Names what the counters count, in at most 64 characters. If they counted something else before, in this process or
   * an earlier one, the sequence starts again at 1. Returns true then, but false for the first subject.
   */
  setSubject(subject: string): boolean;
  /** A sample now, outside the schedule, and on its way at once: the first or the last of a short life. */
  sampleNow(): void;
  /** No further samples. */
  remove(): void;
}

export interface DroppedPacket {
  readonly input: number;
  readonly output: number;
  readonly reason: number;
  readonly records: readonly FlowRecord[];
}

export interface Notifier {
  readonly source: DataSource;
  /** Beyond the limit it is only counted, in the `drops` of the next that goes out. */
  write(drop: DroppedPacket): void;
  /** Notifications a second; 10 unless told. */
  setLimit(perSecond: number): void;
  /** Notifications lost before they came here. */
  lose(count: number): void;
}

/** A data source that has numbers, of this process or of one before it, and what they are of. */
export interface Numbered {
  readonly source: DataSource;
  readonly subject: string;
}

/** Asked twice for one data source, each gives the same object. */
export interface SflowAgent {
  sampler(source: DataSource): Sampler;
  /** A new poller samples at once, then every `polling` seconds at a phase of its own. */
  poller(source: DataSource): Poller;
  notifier(source: DataSource): Notifier;
  /** Each as often as it has numbers: its flow samples, its counters samples. */
  numbered(): readonly Numbered[];
}
