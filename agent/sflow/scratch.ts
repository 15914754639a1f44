// Encodes records in a buffer of their own, to know their length before they go into a sample, and so that a record
// that fails does not damage the sample.

import { Cursor } from "../xdr/cursor.ts";
import type { Guard } from "./environment.ts";
import type { CounterRecord, FlowRecord } from "./record.ts";
import { putRecord } from "./sample.ts";

/** Bytes of the buffer, more than any datagram has. */
const BYTES = 65_536;

export interface Scratch {
  readonly cursor: Cursor;
  /**
   * Writes a record at the cursor. Returns its bytes, tag and length included, or 0 if its value has the wrong type.
   */
  put(where: string, record: FlowRecord | CounterRecord): number;
  /** Returns the bytes of a record without keeping it. */
  measure(where: string, record: FlowRecord | CounterRecord): number;
}

export function makeScratch(guard: Guard): Scratch {
  const cursor = new Cursor(new Uint8Array(BYTES));
  let pending: FlowRecord | CounterRecord;
  // One function for all records, because this runs once for each annotated packet.
  const putPending = (): void => putRecord(cursor, pending);

  function put(where: string, record: FlowRecord | CounterRecord): number {
    const start = cursor.at;
    pending = record;
    if (guard(where, putPending)) return cursor.at - start;
    cursor.at = start;
    return 0;
  }

  return {
    cursor,
    put,
    measure(where, record) {
      cursor.at = 0;
      return put(where, record);
    },
  };
}
