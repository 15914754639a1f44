// The sFlow agent as blocks see it. They get samplers, pollers and notifiers; numbering and datagrams are hidden.
// SFLOW-MIB.

import type { DataSource } from "./data-source.ts";
import type { CounterRecord, FlowRecord } from "./record.ts";
import type { SampledPackets } from "./sampled-packets.ts";

/** Adds counter records to a sample, synchronously. Adds none if it finds nothing. */
export type ReadCounters = (into: CounterRecord[]) => void;

export interface Sampler {
  readonly source: DataSource;
  /** Sends a flow sample for every packet of the batch. The columns may be reused when it returns. */
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
  /** Takes and sends a sample at once, outside the schedule: the first or the last one of a workload. */
  sampleNow(): void;
  /** Ends the samples of this source. */
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
  /** Sends a notification. Beyond the limit it is only counted, in `drops` of the next one. */
  write(drop: DroppedPacket): void;
  /** Sets the limit in notifications a second. It is 10 at first. */
  setLimit(perSecond: number): void;
  /** Counts notifications that were lost before `write`. */
  lose(count: number): void;
}

/** A data source with sequence numbers of this or an earlier process, and the subject of its counters. */
export interface Numbered {
  readonly source: DataSource;
  readonly subject: string;
}

/** Each method returns the same object for the same data source. */
export interface SflowAgent {
  sampler(source: DataSource): Sampler;
  /** Returns a poller. It samples at once, then every `polling` seconds at a random phase. */
  poller(source: DataSource): Poller;
  notifier(source: DataSource): Notifier;
  /** Returns the numbered data sources. One with flow samples and counters samples appears twice. */
  numbered(): readonly Numbered[];
}
