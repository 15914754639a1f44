// Adds a record to one packet of a batch. Most packets have none, so their lists are made when they are needed.

import type { FlowRecord } from "../sflow/record.ts";
import type { FlowBatch } from "./flows.ts";

export function addRecord(records: FlowBatch["records"], packet: number, record: FlowRecord): void {
  const others = records[packet];
  if (others === undefined) records[packet] = [record];
  else others.push(record);
}
