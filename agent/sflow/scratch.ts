// Records encoded aside, to know their length before they go into a sample and to keep one that fails from spoiling it.

import { Cursor } from "../xdr/cursor.ts";
import type { Guard } from "./environment.ts";
import type { CounterRecord, FlowRecord } from "./record.ts";
import { putRecord } from "./sample.ts";

/** More than any datagram holds: what does not fit here would not fit there. */
const BYTES = 65_536;

export interface Scratch {
  readonly cursor: Cursor;
  /**
   * Puts a record at the cursor: its bytes, tag and length included; 0 where its value does not agree with its table.
   */
  put(where: string, record: FlowRecord | CounterRecord): number;
  /** The same without keeping it. */
  measure(where: string, record: FlowRecord | CounterRecord): number;
}

export function makeScratch(guard: Guard): Scratch {
  const cursor = new Cursor(new Uint8Array(BYTES));
  let pending: FlowRecord | CounterRecord;
  // One closure for all records: this runs once a packet where packets are annotated.
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
