// A datagram as values, whoever sent it: what decode.ts gives. sFlow v5, section 5; names as there, in camel case.

import type { AddressBytes } from "../address.ts";
import type { DataSource } from "../data-source.ts";
import type { CounterRecord, FlowRecord } from "../record.ts";

/** Where the bytes are wrong, as a path into the values (`samples[0].records[2]`), and how. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/**
 * `datagram` is undefined where its header cannot be trusted. Problems elsewhere cost the part they name, not its
 * neighbours.
 */
export interface Decoded {
  readonly datagram: Datagram | undefined;
  readonly problems: readonly Problem[];
}

export interface Datagram {
  readonly agentAddress: AddressBytes;
  readonly subAgentId: number;
  readonly sequenceNumber: number;
  /** Milliseconds. */
  readonly uptime: number;
  readonly samples: readonly DecodedSample[];
}

/** `bytes` are the body as sent, without tag and length: a view of the datagram, which begins at `at` of it. */
export interface Item {
  readonly format: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** `content` is undefined where the catalog does not know the format, or the body does not hold what it promises. */
export interface DecodedRecord<R extends FlowRecord | CounterRecord> extends Item {
  readonly content: R | undefined;
}

export type DecodedFlow = DecodedRecord<FlowRecord>;
export type DecodedCounter = DecodedRecord<CounterRecord>;

/** Format 0 one interface, 1 dropped for the reason `value`, 2 `value` interfaces, 0 of them an unknown number. */
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

/** InMon's custom metrics and flows: fields that name and type themselves. */
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

/** A sample of unknown format, or one whose fixed part is cut off. */
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
