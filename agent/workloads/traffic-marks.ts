// Adds workloads to their sampled packets: their ports as input and output, and their data sources in
// extended_entities, sFlow structure 0:2210.

import { addRecord } from "../flow/add-record.ts";
import type { Annotator, FlowBatch } from "../flow/flows.ts";
import { uint48 } from "../packet/bytes.ts";
import { HeaderProtocol } from "../packet/packet.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { UNKNOWN_PORT } from "../sflow/port.ts";
import { flowRecord } from "../sflow/record.ts";
import { extendedEntities } from "../sflow/records/flow/extended-entities.ts";
import type { MacTable, Station } from "./mac-table.ts";

/** Length of the destination and source MAC addresses, in bytes. */
const ADDRESSES = 12;
const UNKNOWN: DataSource = { class: 0, index: 0 };

type End = Station | undefined;
type Entities = typeof extendedEntities.unknown;

/**
 * Makes the function that adds workloads to sampled packets. The MAC of a workload occurs only in frames of the
 * workload's own segment. So a frame with this MAC came from or goes to the workload's port, wherever on the segment
 * the frame was sampled.
 */
export function makeMarks(macs: Pick<MacTable, "current">): Annotator {
  return (batch) => {
    const known = macs.current();
    if (known.size === 0) return;
    const { bytes, offset, headerLength, headerProtocol } = batch;
    for (let i = 0; i < batch.count; i++) {
      if (headerProtocol[i] !== HeaderProtocol.ethernet || (headerLength[i] as number) < ADDRESSES) continue;
      const at = offset[i] as number;
      const source = known.get(uint48(bytes, at + 6));
      const destination = known.get(uint48(bytes, at));
      if (source !== undefined || destination !== undefined) mark(batch, i, source, destination);
    }
  };
}

function mark(batch: FlowBatch, i: number, source: End, destination: End): void {
  setPorts(batch, i, source, destination);
  const from = nameOf(source);
  const to = nameOf(destination);
  if (from !== undefined || to !== undefined) nameEnds(batch, i, from, to);
  count(source, from !== undefined || (to !== undefined && isSameKind(source, destination)));
  if (!isSameKind(source, destination)) count(destination, to !== undefined);
}

const isSameKind = (a: End, b: End): boolean => a?.kind === b?.kind;

const nameOf = (end: End): DataSource | undefined => (end?.kind.nameTraffic ? end.source : undefined);

function count(end: End, marked: boolean): void {
  if (end === undefined) return;
  end.kind.marks.samples++;
  if (marked) end.kind.marks.marked++;
}

function setPorts(batch: FlowBatch, i: number, source: End, destination: End): void {
  if (source !== undefined && source.port !== UNKNOWN_PORT) batch.input[i] = source.port;
  if (destination !== undefined && destination.port !== UNKNOWN_PORT) batch.output[i] = destination.port;
}

/** Adds extended_entities to packet `i`. If the packet already has this record, adds only what the record lacks. */
export function nameEnds({ records }: FlowBatch, i: number, source = UNKNOWN, destination = UNKNOWN): void {
  const others = records[i] ?? [];
  const at = others.findIndex(({ type }) => type.format === extendedEntities.format);
  const before = others[at]?.value as Entities | undefined;
  const named: Entities = {
    src_ds_class: before?.src_ds_class || source.class,
    src_ds_index: before?.src_ds_index || source.index,
    dst_ds_class: before?.dst_ds_class || destination.class,
    dst_ds_index: before?.dst_ds_index || destination.index,
  };
  const record = flowRecord(extendedEntities, named);
  if (at < 0) addRecord(records, i, record);
  else others[at] = record;
}
