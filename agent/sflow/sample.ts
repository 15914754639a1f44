// Samples as values, and their encoding by tables, which packet-sample.ts must match. See sFlow v5, section 5.

import type { Cursor } from "../xdr/cursor.ts";
import { struct } from "../xdr/struct.ts";
import { type Type, uint32 } from "../xdr/type.ts";
import type { DataSource } from "./data-source.ts";
import type { CounterRecord, FlowRecord } from "./record.ts";

/** data_format of sample_data. The agent sends only the expanded forms, because an ifIndex may exceed 24 bits. */
export const FLOW_SAMPLE = 3;
export const COUNTERS_SAMPLE = 4;
export const DISCARDED_PACKET = 5;

const source: Type<DataSource> = struct("sflow_data_source_expanded", { class: uint32, index: uint32 });
const port = struct("interface_expanded", { format: uint32, value: uint32 });

const flow = struct("flow_sample_expanded", {
  sequence_number: uint32,
  source_id: source,
  sampling_rate: uint32,
  sample_pool: uint32,
  drops: uint32,
  input: port,
  output: port,
});

const counters = struct("counters_sample_expanded", {
  sequence_number: uint32,
  source_id: source,
});

const discarded = struct("discarded_packet", {
  sequence_number: uint32,
  source_id: source,
  drops: uint32,
  inputifindex: uint32,
  outputifindex: uint32,
  reason: uint32,
});

export type FlowSample = typeof flow.unknown & { flow_records: readonly FlowRecord[] };
export type CountersSample = typeof counters.unknown & { counters: readonly CounterRecord[] };
export type DiscardedPacket = typeof discarded.unknown & { discard_records: readonly FlowRecord[] };

/** Size of a flow sample before its first record in bytes, including tag and length. */
export const FLOW_SAMPLE_BYTES = 52;
export const COUNTERS_SAMPLE_BYTES = 24;
export const DISCARDED_PACKET_BYTES = 40;

/** Writes a tag, the length of the body in bytes, and the body, which `put` writes. */
function putItem(cursor: Cursor, format: number, put: () => void): void {
  cursor.putUint32(format);
  cursor.putUint32(0);
  const body = cursor.at;
  put();
  cursor.view.setUint32(body - 4, cursor.at - body);
}

export function putRecord(cursor: Cursor, record: FlowRecord | CounterRecord): void {
  putItem(cursor, record.type.format, () => record.type.put(cursor, record.value));
}

function putRecords(cursor: Cursor, records: readonly (FlowRecord | CounterRecord)[]): void {
  cursor.putUint32(records.length);
  for (const record of records) putRecord(cursor, record);
}

export function putFlowSample(cursor: Cursor, sample: FlowSample): void {
  putItem(cursor, FLOW_SAMPLE, () => {
    flow.put(cursor, sample);
    putRecords(cursor, sample.flow_records);
  });
}

/** Writes a flow sample up to its first record. The records, `count` of them, have `bytes` bytes. */
export function putFlowHead(cursor: Cursor, bytes: number, count: number, head: typeof flow.unknown): void {
  cursor.putUint32(FLOW_SAMPLE);
  cursor.putUint32(FLOW_SAMPLE_BYTES - 8 + bytes);
  flow.put(cursor, head);
  cursor.putUint32(count);
}

export function putCountersSample(cursor: Cursor, sample: CountersSample): void {
  putItem(cursor, COUNTERS_SAMPLE, () => {
    counters.put(cursor, sample);
    putRecords(cursor, sample.counters);
  });
}

export function putDiscardedPacket(cursor: Cursor, sample: DiscardedPacket): void {
  putItem(cursor, DISCARDED_PACKET, () => {
    discarded.put(cursor, sample);
    putRecords(cursor, sample.discard_records);
  });
}

/**
 * The order of records on the wire, by data_format: the packet header first, and records that few decoders know last.
 * tshark 4.0 loses the rest of a sample at an unknown record.
 */
export const byFormat = (a: FlowRecord | CounterRecord, b: FlowRecord | CounterRecord): number =>
  a.type.format - b.type.format;
