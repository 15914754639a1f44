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

/** The words of a structure that consists of 32-bit fields only, in its order. */
export interface WordsType extends RecordType<"flow_data", Uint32Array> {
  readonly words: true;
}

/**
 * The same structure for values that are its words already, as `type` puts them: made once, shared by many samples, and
 * written by the sampler without a detour.
 */
export function wordsType<T>(type: RecordType<"flow_data", T>): WordsType {
  const put = (cursor: Cursor, words: Uint32Array): void => {
    for (const word of words) cursor.putUint32(word);
  };
  const take = (cursor: Cursor): Uint32Array =>
    Uint32Array.from({ length: cursor.left >>> 2 }, () => cursor.takeUint32());
  return { ...type, words: true, unknown: new Uint32Array(0), put, take } as unknown as WordsType;
}

/** The words of such a record; undefined for all others. */
export const wordsOf = (record: FlowRecord): Uint32Array | undefined =>
  "words" in record.type ? (record.value as Uint32Array) : undefined;

/** Pairs a value with its table, so that the compiler checks the one against the other. */
export const flowRecord = <T>(type: RecordType<"flow_data", T>, value: T): FlowRecord =>
  ({ type, value }) as FlowRecord;

export const counterRecord = <T>(type: RecordType<"counter_data", T>, value: T): CounterRecord =>
  ({ type, value }) as CounterRecord;
