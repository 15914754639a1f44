// The values of a decoded datagram. The names are those of sFlow v5, section 5, in camel case.

import type { AddressBytes } from "../address.ts";
import type { CustomField } from "../custom-types.ts";
import type { DataSource } from "../data-source.ts";
import type { CounterRecord, FlowRecord, RecordKind, RecordType } from "../record.ts";

/**
 * An error in the bytes: its place as a path into the values (`samples[0].records[2]`) and as an offset of the
 * datagram, and a message.
 */
export interface Problem {
  readonly path: string;
  readonly offset: number;
  readonly message: string;
}

/**
 * The result of decoding. `datagram` is undefined if its header is invalid; `head` then has the fields before the
 * error. Other problems affect a sample or a record.
 */
export interface Decoded {
  readonly datagram: Datagram | undefined;
  readonly head: Partial<DatagramHead>;
  readonly problems: readonly Problem[];
}

/** The fields of a datagram before its samples. `sampleCount` may differ from the number of samples. */
export interface DatagramHead {
  readonly version: number;
  readonly agentAddress: AddressBytes;
  readonly subAgentId: number;
  readonly sequenceNumber: number;
  /** The uptime of the agent in milliseconds. */
  readonly uptime: number;
  readonly sampleCount: number;
}

export interface Datagram extends DatagramHead {
  readonly samples: readonly DecodedSample[];
}

/**
 * A sample or record. `length` is as sent. `bytes` is a view of its body at offset `at` of the datagram, without tag
 * and length. It is shorter than `length` if the enclosing part is.
 */
export interface Item {
  readonly format: number;
  readonly length: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The fields of an invalid record before the error, and how many bytes the next one lacks; 0 if it is invalid. */
export interface Begun {
  readonly type: RecordType<RecordKind, unknown>;
  readonly value: unknown;
  readonly missing: number;
}

/** A record. `content` is undefined if its format is unknown or its body is invalid. `begun` is for an invalid body. */
export interface DecodedRecord<R extends FlowRecord | CounterRecord> extends Item {
  readonly content: R | undefined;
  readonly begun?: Begun;
}

export type DecodedCounter = DecodedRecord<CounterRecord>;

/** A flow record. An 802.11 aggregation has no `content`: `pdus` has the records of each of its packets. */
export interface DecodedFlow extends DecodedRecord<FlowRecord> {
  readonly pdus?: Aggregation;
}

/** `count` is as sent, and may differ from the number of lists. */
export interface Aggregation {
  readonly count: number;
  readonly lists: readonly (readonly DecodedFlow[])[];
}

/** A port. Format 0 is an interface, 1 a drop for reason `value`, 2 `value` interfaces (0: an unknown number). */
export interface Port {
  readonly format: number;
  readonly value: number;
}

export interface FlowHead {
  readonly sequenceNumber: number;
  readonly source: DataSource;
  readonly samplingRate: number;
  readonly samplePool: number;
  readonly drops: number;
  readonly input: Port;
  readonly output: Port;
  readonly recordCount: number;
}

export interface CountersHead {
  readonly sequenceNumber: number;
  readonly source: DataSource;
  readonly recordCount: number;
}

export interface DiscardHead {
  readonly sequenceNumber: number;
  readonly source: DataSource;
  readonly drops: number;
  readonly input: number;
  readonly output: number;
  readonly reason: number;
  readonly recordCount: number;
}

export interface DecodedFlowSample extends Item, FlowHead {
  readonly kind: "flow";
  readonly expanded: boolean;
  readonly records: readonly DecodedFlow[];
}

export interface DecodedCountersSample extends Item, CountersHead {
  readonly kind: "counters";
  readonly expanded: boolean;
  readonly records: readonly DecodedCounter[];
}

export interface DecodedDiscard extends Item, DiscardHead {
  readonly kind: "discard";
  readonly records: readonly DecodedFlow[];
}

export interface MetricsHead {
  readonly dataSource: string;
  readonly fieldCount: number;
}

export interface CustomFlowHead {
  readonly dataSource: string;
  readonly samplingRate: number;
  readonly samplePool: number;
  readonly fieldCount: number;
}

export interface DecodedMetrics extends Item, MetricsHead {
  readonly kind: "metrics";
  readonly fields: readonly CustomField[];
}

export interface DecodedCustomFlow extends Item, CustomFlowHead {
  readonly kind: "custom flow";
  readonly fields: readonly CustomField[];
}

/** The fields of a sample before its records, by the kind of the sample. */
export interface SampleHeads {
  readonly flow: FlowHead;
  readonly counters: CountersHead;
  readonly discard: DiscardHead;
  readonly metrics: MetricsHead;
  readonly "custom flow": CustomFlowHead;
}

export type SampleKind = keyof SampleHeads;

/** A sample of unknown format, or with an invalid head. `begun` then has the fields before the error. */
export interface OpaqueSample extends Item {
  readonly kind: "opaque";
  readonly begun?: BegunSample;
}

export type BegunSample = {
  readonly [K in SampleKind]: { readonly kind: K; readonly head: Partial<SampleHeads[K]> };
}[SampleKind];

export type DecodedSample =
  | DecodedFlowSample
  | DecodedCountersSample
  | DecodedDiscard
  | DecodedMetrics
  | DecodedCustomFlow
  | OpaqueSample;
