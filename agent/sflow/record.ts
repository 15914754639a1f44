// A flow or counter record: a structure with a number, and its value. See sFlow v5, section 5 "flow_record" and
// "counter_record".

import type { Cursor } from "../xdr/cursor.ts";
import { type Fields, type Struct, type StructValue, struct } from "../xdr/struct.ts";

export type RecordKind = "flow_data" | "counter_data";

/** The type of a record: the number and the fields of its structure. */
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

/** Makes a record type. An older revision of the structure may lack the last `appended` fields. */
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

/** A record type whose values are encoded already, as 32-bit words in the order of the fields. */
export interface WordsType extends RecordType<"flow_data", Uint32Array> {
  readonly words: true;
}

/**
 * Returns the type of the same structure for encoded values: 32-bit words as `type` writes them. Many samples can share
 * such a value, and the sampler copies the words.
 */
export function wordsType<T>(type: RecordType<"flow_data", T>): WordsType {
  const put = (cursor: Cursor, words: Uint32Array): void => {
    for (const word of words) cursor.putUint32(word);
  };
  const take = (cursor: Cursor): Uint32Array =>
    Uint32Array.from({ length: cursor.left >>> 2 }, () => cursor.takeUint32());
  return { ...type, words: true, unknown: new Uint32Array(0), put, take } as unknown as WordsType;
}

/** Returns the words of a record that is encoded already; undefined for other records. */
export const wordsOf = (record: FlowRecord): Uint32Array | undefined =>
  "words" in record.type ? (record.value as Uint32Array) : undefined;

/** Makes a record of a type and a value. The compiler checks that the value fits the type. */
export const flowRecord = <T>(type: RecordType<"flow_data", T>, value: T): FlowRecord =>
  ({ type, value }) as FlowRecord;

export const counterRecord = <T>(type: RecordType<"counter_data", T>, value: T): CounterRecord =>
  ({ type, value }) as CounterRecord;
