// Encodes the records that follow the header in a flow sample: the timestamp, and the records of annotators in order.
// Leaves out records that do not fit.

import type { AgentCounters } from "./counters.ts";
import { EXTENDED_TIMESTAMP, putTimestamp, TIMESTAMP_BYTES } from "./packet-sample.ts";
import type { FlowRecord } from "./record.ts";
import { byFormat } from "./sample.ts";
import type { SampledPackets } from "./sampled-packets.ts";
import type { Scratch } from "./scratch.ts";

/** Writes a record behind the others if it fits within `room` bytes. Returns whether it is there. */
function putRecord(
  scratch: Scratch,
  where: string,
  record: FlowRecord,
  room: number,
  counters: AgentCounters,
): boolean {
  const { cursor } = scratch;
  const start = cursor.at;
  if (scratch.put(where, record) === 0) return false;
  if (cursor.at <= room) return true;
  cursor.at = start;
  counters.recordsLeftOut++;
  return false;
}

/**
 * Writes the records to the start of `scratch`, at most `room` bytes. Returns their number. Counts records left out.
 */
export function putAnnotations(
  scratch: Scratch,
  where: string,
  packets: SampledPackets,
  i: number,
  room: number,
  counters: AgentCounters,
): number {
  const { cursor } = scratch;
  let count = 0;
  let isStamped = packets.seconds[i] === 0;
  cursor.at = 0;

  function putStamp(): void {
    isStamped = true;
    if (cursor.at + TIMESTAMP_BYTES > room) {
      counters.recordsLeftOut++;
      return;
    }
    cursor.at = putTimestamp(cursor.view, cursor.at, packets.seconds[i] as number, packets.nanoseconds[i] as number);
    count++;
  }

  const records = packets.records[i] ?? [];
  if (records.length > 1) records.sort(byFormat);
  for (const record of records) {
    if (!isStamped && record.type.format > EXTENDED_TIMESTAMP) putStamp();
    if (putRecord(scratch, where, record, room, counters)) count++;
  }
  if (!isStamped) putStamp();
  return count;
}

/**
 * Writes records in their order to the start of `scratch`, at most `room` bytes. Returns their number. Counts records
 * left out.
 */
export function putRecords(
  scratch: Scratch,
  where: string,
  records: readonly FlowRecord[],
  room: number,
  counters: AgentCounters,
): number {
  let count = 0;
  scratch.cursor.at = 0;
  for (const record of records) {
    if (putRecord(scratch, where, record, room, counters)) count++;
  }
  return count;
}
