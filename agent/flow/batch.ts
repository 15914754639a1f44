// A batch of sampled packets that is used again: columns of typed arrays and room for their headers.

import type { Sampler } from "../sflow/agent.ts";
import type { FlowRecord } from "../sflow/record.ts";
import type { FlowBatch } from "./flows.ts";

/** As many packets as a capture engine hands over at once. Who fills a batch gives it the bytes it needs; they stay with it. */
export const BATCH_PACKETS = 256;

/** What the pipeline sets anew for each use; everybody else reads it only. */
export type OwnedBatch = { -readonly [K in keyof FlowBatch]: FlowBatch[K] };

export function makeBatch(sampler: Sampler, packets = BATCH_PACKETS): OwnedBatch {
  const column = (): Uint32Array => new Uint32Array(packets);
  return {
    count: 0,
    samplingRate: 1,
    drops: 0,
    bytes: new Uint8Array(0),
    offset: column(),
    headerLength: column(),
    headerProtocol: column(),
    frameLength: column(),
    stripped: column(),
    input: column(),
    output: column(),
    seconds: column(),
    nanoseconds: column(),
    records: new Array<FlowRecord[] | undefined>(packets).fill(undefined),
    sampler,
    interfaceIndex: 0,
    namespace: undefined,
    direction: new Uint8Array(packets),
  };
}

/** Records are the annotators' and go; the columns are written over by the next packets. */
export function clearBatch(batch: OwnedBatch): void {
  batch.records.fill(undefined, 0, batch.count);
  batch.count = 0;
  batch.drops = 0;
}
