// Adds a record to one packet of a batch. Makes the list of records only when needed, because most packets have none.

import type { FlowRecord } from "../sflow/record.ts";
import type { FlowBatch } from "./flows.ts";

export function addRecord(records: FlowBatch["records"], packet: number, record: FlowRecord): void {
  const others = records[packet];
  if (others === undefined) records[packet] = [record];
  else others.push(record);
}
