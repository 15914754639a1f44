// The interface of the sFlow agent for blocks: samplers, pollers and notifiers. Sequence numbers and datagrams are
// hidden behind it. See SFLOW-MIB.

import type { CustomField } from "./custom-types.ts";
import type { DataSource } from "./data-source.ts";
import type { CounterRecord, FlowRecord } from "./record.ts";
import type { SampledPackets } from "./sampled-packets.ts";

/** A function that adds counter records to a sample, synchronously. Adds none if there is nothing to report. */
export type ReadCounters = (into: CounterRecord[]) => void;

/** An operation of an application, sampled by the caller. It has no packet. */
export interface SampledOperation {
  readonly samplingRate: number;
  readonly input: number;
  readonly output: number;
  /** The most important record first: records that do not fit a datagram are left out from the end. */
  readonly records: readonly FlowRecord[];
}

/** Sends the flow samples of an application. */
export interface OperationSampler {
  /** Adds operations to the sample pool, sampled or not. */
  pass(count: number): void;
  /** Sends a flow sample for an operation that `pass` has counted. */
  writeOperation(operation: SampledOperation): void;
}

/** Sends the flow samples of one data source. */
export interface Sampler {
  readonly source: DataSource;
  /** Sends a flow sample for every packet of the batch. The arrays of the batch may be reused when `write` returns. */
  write(packets: SampledPackets): void;
}

/** Sends the counters samples of one data source. */
export interface Poller {
  readonly source: DataSource;
  /**
   * Adds a reader. For each sample, all readers are called in the order in which they were added. Returns a function
   * that removes the reader. `onDiscontinuity` is called when a sample restarts the sequence at 1, so that collectors
   * do not compute a delta: a counter went backwards, or the subject changed.
   */
  contribute(read: ReadCounters, onDiscontinuity?: () => void): () => void;
  /**
   * Sets the subject, an identifier of at most 64 characters for what the counters count. If the subject was different
   * before, in this process or in an earlier one, the sequence starts again at 1 and the result is true.
   */
  setSubject(subject: string): boolean;
  /** Takes and sends a sample at once, outside the schedule, for the first or the last sample of a workload. */
  sampleNow(): void;
  /** Sends these records at once, whether or not the source is polled. */
  write(records: readonly CounterRecord[]): void;
  /** Sets the seconds between samples of this source, 0 for off; undefined for the interval of the agent. */
  setPolling(seconds: number | undefined): void;
  /** Ends the samples of this source. */
  remove(): void;
}

/** A packet that the kernel or the hardware dropped. `reason` is a number of enums/drop-reason.ts. */
export interface DroppedPacket {
  readonly input: number;
  readonly output: number;
  readonly reason: number;
  readonly records: readonly FlowRecord[];
}

/** Sends the notifications of discarded packets of one data source. */
export interface Notifier {
  readonly source: DataSource;
  /** Sends a notification. Above the limit, only counts it, in `drops` of the next notification. */
  write(drop: DroppedPacket): void;
  /** Sets the limit of notifications per second. The initial limit is 10. */
  setLimit(perSecond: number): void;
  /** Adds `count` to the lost notifications, for example those that the kernel lost. */
  lose(count: number): void;
}

/** A data source that has sequence numbers, of this or an earlier process, and the subject of its counters. */
export interface Numbered {
  readonly source: DataSource;
  readonly subject: string;
}

/** Sends samples of InMon, whose fields carry their name and type. They have no data source and no number. */
export interface CustomSamples {
  /** Sends metrics, in several samples if one datagram has no room for all. Returns the number of fields left out. */
  writeMetrics(dataSource: string, fields: readonly CustomField[]): number;
  /** Sends a flow. Returns the number of fields left out, because a flow cannot be split. */
  writeFlow(dataSource: string, samplingRate: number, fields: readonly CustomField[]): number;
}

/** The sFlow agent. Its methods return the same object each time for the same data source. */
export interface SflowAgent {
  sampler(source: DataSource): Sampler;
  operationSampler(source: DataSource): OperationSampler;
  /** Returns a poller. It samples at once, then every `polling` seconds at a random phase. */
  poller(source: DataSource): Poller;
  notifier(source: DataSource): Notifier;
  /**
   * Calls `write`, which writes samples. If it returns true, sends these samples at once: they have waited elsewhere,
   * as long as samples may wait for a datagram to be filled.
   */
  collect(write: () => boolean): void;
  readonly custom: CustomSamples;
  /** Discards the sequence numbers of a removed source. If the source appears again, its numbers start at 1. */
  forget(source: DataSource): void;
  /** Returns the data sources with sequence numbers. A source with flow samples and counters samples appears twice. */
  numbered(): readonly Numbered[];
}
