// A flow or counter record: a numbered structure and its value. sFlow v5, section 5 "flow_record", "counter_record".

import type { Cursor } from "../xdr/cursor.ts";
import { type Fields, type Struct, type StructValue, struct } from "../xdr/struct.ts";

export type RecordKind = "flow_data" | "counter_data";

export interface RecordType<Kind extends RecordKind, T> extends Struct<T> {
  readonly kind: Kind;
  /** data_format: enterprise << 12 | format. */
  readonly format: number;
}

export interface FlowRecord<T = unknown> {
  readonly type: RecordType<"flow_data", T>;
  readonly value: T;
}

export interface CounterRecord<T = unknown> {
  readonly type: RecordType<"counter_data", T>;
  readonly value: T;
}

/** `appended`: how many of the last fields an older revision of the structure lacks. */
export function flowType<F extends Fields>(
  name: string,
  format: number,
  fields: F,
  appended = 0,
): RecordType<"flow_data", StructValue<F>> {
  return { ...struct(name, fields, appended), kind: "flow_data", format };
}

export function counterType<F extends Fields>(
  name: string,
  format: number,
  fields: F,
  appended = 0,
): RecordType<"counter_data", StructValue<F>> {
  return { ...struct(name, fields, appended), kind: "counter_data", format };
}

/**
 * The same structure for values that are its bytes already, as `type` puts them: made once and copied into every sample
 * that shares them, in a fifth of the time.
 */
export function encodedFlowType<T>(type: RecordType<"flow_data", T>): RecordType<"flow_data", Uint8Array> {
  const put = (cursor: Cursor, bytes: Uint8Array): void => cursor.putFixed(bytes);
  const take = (cursor: Cursor): Uint8Array => cursor.takeFixed(cursor.left);
  return { ...type, unknown: new Uint8Array(0), put, take } as unknown as RecordType<"flow_data", Uint8Array>;
}

/** Pairs a value with its table, so that the compiler checks the one against the other. */
export const flowRecord = <T>(type: RecordType<"flow_data", T>, value: T): FlowRecord =>
  ({ type, value }) as FlowRecord;

export const counterRecord = <T>(type: RecordType<"counter_data", T>, value: T): CounterRecord =>
  ({ type, value }) as CounterRecord;
