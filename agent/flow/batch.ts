// A batch of sampled packets that is used again: columns of typed arrays, and memory for bytes that must be kept.

import type { Sampler } from "../sflow/agent.ts";
import type { FlowRecord } from "../sflow/record.ts";
import type { FlowBatch } from "./flows.ts";

/** As many packets as a capture engine hands over at once. */
export const BATCH_PACKETS = 256;

/** What the pipeline sets anew for each use; everybody else reads it only. */
export type OwnedBatch = { -readonly [K in keyof FlowBatch]: FlowBatch[K] } & {
  /** The batch's own memory; `bytes` is somebody else's until `keepBytes`. */
  own: Uint8Array;
  ready: ((batch: FlowBatch) => void) | undefined;
};

const NO_BYTES = new Uint8Array(0);

export function makeBatch(sampler: Sampler, packets = BATCH_PACKETS): OwnedBatch {
  const column = (): Uint32Array => new Uint32Array(packets);
  return {
    count: 0,
    samplingRate: 1,
    drops: 0,
    bytes: NO_BYTES,
    own: NO_BYTES,
    ready: undefined,
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
    direction: new Uint8Array(packets),
  };
}

/** Copies the headers into memory of the batch, all at once: they lie close together. */
export function keepBytes(batch: OwnedBatch): void {
  const { count, offset, headerLength } = batch;
  let begin = batch.bytes.length;
  let end = 0;
  for (let i = 0; i < count; i++) {
    const at = offset[i] as number;
    begin = Math.min(begin, at);
    end = Math.max(end, at + (headerLength[i] as number));
  }
  const length = Math.max(end - begin, 0);
  if (batch.own.length < length) batch.own = new Uint8Array(length);
  batch.own.set(batch.bytes.subarray(begin, begin + length));
  for (let i = 0; i < count; i++) offset[i] = (offset[i] as number) - begin;
  batch.bytes = batch.own;
}

/** Records are the annotators' and go, bytes are the filler's; the columns are written over by the next packets. */
export function clearBatch(batch: OwnedBatch): void {
  batch.records.fill(undefined, 0, batch.count);
  batch.bytes = NO_BYTES;
  batch.count = 0;
  batch.drops = 0;
}
