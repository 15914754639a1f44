// Sampled packets of containers: their ports of the host as input and output, and who they are. sFlow structure 0:2210.

import { addRecord } from "../flow/add-record.ts";
import type { Annotator, FlowBatch } from "../flow/flows.ts";
import { uint48 } from "../packet/bytes.ts";
import { HeaderProtocol } from "../packet/packet.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { UNKNOWN_PORT } from "../sflow/port.ts";
import { flowRecord } from "../sflow/record.ts";
import { extendedEntities } from "../sflow/records/flow/extended-entities.ts";
import type { Station, Stations } from "./mac-table.ts";

export interface MarkCounters {
  /** Sampled packets from or to a container. */
  samples: number;
  /** Those of them that say so. */
  marked: number;
}

/** Destination and source. */
const ADDRESSES = 12;
const UNKNOWN: DataSource = { class: 0, index: 0 };

/**
 * The MAC of a container stands only in frames on the container's own segment, so that the port behind which it is
 * known is the one that a frame came from or goes to, wherever on the segment it was seen. `mark` adds
 * extended_entities.
 */
export function makeMarks(stations: Pick<Stations, "current">, mark: boolean, counters: MarkCounters): Annotator {
  return (batch) => {
    const known = stations.current();
    if (known.size === 0) return;
    const { bytes, offset, headerLength, headerProtocol } = batch;
    for (let i = 0; i < batch.count; i++) {
      if (headerProtocol[i] !== HeaderProtocol.ethernet || (headerLength[i] as number) < ADDRESSES) continue;
      const at = offset[i] as number;
      const source = known.get(uint48(bytes, at + 6));
      const destination = known.get(uint48(bytes, at));
      if (source === undefined && destination === undefined) continue;
      counters.samples++;
      setPorts(batch, i, source, destination);
      if (mark && addEntities(batch, i, source?.source, destination?.source)) counters.marked++;
    }
  };
}

function setPorts(batch: FlowBatch, i: number, source: Station | undefined, destination: Station | undefined): void {
  if (source !== undefined && source.port !== UNKNOWN_PORT) batch.input[i] = source.port;
  if (destination !== undefined && destination.port !== UNKNOWN_PORT) batch.output[i] = destination.port;
}

/** False where neither is known: containers that share a network. */
function addEntities({ records }: FlowBatch, i: number, source = UNKNOWN, destination = UNKNOWN): boolean {
  if (source === UNKNOWN && destination === UNKNOWN) return false;
  const record = flowRecord(extendedEntities, {
    src_ds_class: source.class,
    src_ds_index: source.index,
    dst_ds_class: destination.class,
    dst_ds_index: destination.index,
  });
  addRecord(records, i, record);
  return true;
}
