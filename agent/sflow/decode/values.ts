// The values of a decoded datagram. The names are those of sFlow v5, section 5, in camel case.

import type { AddressBytes } from "../address.ts";
import type { DataSource } from "../data-source.ts";
import type { CounterRecord, FlowRecord } from "../record.ts";

/** An error in the bytes: its place as a path into the values (`samples[0].records[2]`), and a message. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/**
 * The result of decoding. `datagram` is undefined if its header is invalid. Other problems affect a sample or a record.
 */
export interface Decoded {
  readonly datagram: Datagram | undefined;
  readonly problems: readonly Problem[];
}

export interface Datagram {
  readonly agentAddress: AddressBytes;
  readonly subAgentId: number;
  readonly sequenceNumber: number;
  /** The uptime of the agent in milliseconds. */
  readonly uptime: number;
  readonly samples: readonly DecodedSample[];
}

/** A sample or record. `bytes` is a view of its body at offset `at` of the datagram, without tag and length. */
export interface Item {
  readonly format: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A record. `content` is undefined if its format is unknown or its body is invalid. */
export interface DecodedRecord<R extends FlowRecord | CounterRecord> extends Item {
  readonly content: R | undefined;
}

export type DecodedFlow = DecodedRecord<FlowRecord>;
export type DecodedCounter = DecodedRecord<CounterRecord>;

/** A port. Format 0 is an interface, 1 a drop for reason `value`, 2 `value` interfaces (0: an unknown number). */
export interface Port {
  readonly format: number;
  readonly value: number;
}

export interface DecodedFlowSample extends Item {
  readonly kind: "flow";
  readonly expanded: boolean;
  readonly sequenceNumber: number;
  readonly source: DataSource;
  readonly samplingRate: number;
  readonly samplePool: number;
  readonly drops: number;
  readonly input: Port;
  readonly output: Port;
  readonly records: readonly DecodedFlow[];
}

export interface DecodedCountersSample extends Item {
  readonly kind: "counters";
  readonly expanded: boolean;
  readonly sequenceNumber: number;
  readonly source: DataSource;
  readonly records: readonly DecodedCounter[];
}

export interface DecodedDiscard extends Item {
  readonly kind: "discard";
  readonly sequenceNumber: number;
  readonly source: DataSource;
  readonly drops: number;
  readonly input: number;
  readonly output: number;
  readonly reason: number;
  readonly records: readonly DecodedFlow[];
}

/** A field of InMon's custom metrics and flows, which carries its name and type. */
export interface CustomField {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

export interface DecodedMetrics extends Item {
  readonly kind: "metrics";
  readonly dataSource: string;
  readonly fields: readonly CustomField[];
}

export interface DecodedCustomFlow extends Item {
  readonly kind: "custom flow";
  readonly dataSource: string;
  readonly samplingRate: number;
  readonly samplePool: number;
  readonly fields: readonly CustomField[];
}

/** A sample of unknown format, or with a truncated fixed part. */
export interface OpaqueSample extends Item {
  readonly kind: "opaque";
}

export type DecodedSample =
  | DecodedFlowSample
  | DecodedCountersSample
  | DecodedDiscard
  | DecodedMetrics
  | DecodedCustomFlow
  | OpaqueSample;
