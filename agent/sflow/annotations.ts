// The records that follow the header in a flow sample: a time stamp and what annotators added, in order and as far as
// there is room.

import type { AgentCounters } from "./counters.ts";
import { EXTENDED_TIMESTAMP, putTimestamp, TIMESTAMP_BYTES } from "./packet-sample.ts";
import { byFormat } from "./sample.ts";
import type { SampledPackets } from "./sampled-packets.ts";
import type { Scratch } from "./scratch.ts";

/**
 * Puts them into `scratch` from its beginning, `room` bytes at most; how many there are. What does not fit is counted.
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
  let stamped = packets.seconds[i] === 0;
  cursor.at = 0;

  function stamp(): void {
    stamped = true;
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
    if (!stamped && record.type.format > EXTENDED_TIMESTAMP) stamp();
    const start = cursor.at;
    if (scratch.put(where, record) === 0) continue;
    if (cursor.at <= room) count++;
    else {
      cursor.at = start;
      counters.recordsLeftOut++;
    }
  }
  if (!stamped) stamp();
  return count;
}
