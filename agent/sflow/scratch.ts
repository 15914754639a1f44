// Encodes records in a separate buffer, before they are copied into a sample. So the length of each record is known,
// and a record that cannot be encoded does not damage the sample.

import { Cursor } from "../xdr/cursor.ts";
import type { Guard } from "./environment.ts";
import type { CounterRecord, FlowRecord } from "./record.ts";
import { putRecord } from "./sample.ts";

/** Size of the buffer in bytes, more than any datagram has. */
const BYTES = 65_536;

/** A buffer in which records are encoded first. */
export interface Scratch {
  readonly cursor: Cursor;
  /**
   * Writes a record at the cursor. Returns its size in bytes, including tag and length, or 0 if its value has the wrong
   * type.
   */
  put(where: string, record: FlowRecord | CounterRecord): number;
  /** Returns the size of a record in bytes, as `put` does. Overwrites the buffer from its start. */
  measure(where: string, record: FlowRecord | CounterRecord): number;
}

export function makeScratch(guard: Guard): Scratch {
  const cursor = new Cursor(new Uint8Array(BYTES));
  let pending: FlowRecord | CounterRecord;
  // All records share one function, because a new closure for each annotated packet would be garbage.
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
