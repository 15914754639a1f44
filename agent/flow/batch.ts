// A batch of sampled packets: reused columns of typed arrays, and memory for headers that must be kept.

import type { Sampler } from "../sflow/agent.ts";
import type { FlowRecord } from "../sflow/record.ts";
import type { FlowBatch } from "./flows.ts";

/** Packets in a batch. Larger batches bring no measurable gain. */
export const BATCH_PACKETS = 256;

/** A batch as the pipeline uses it, with fields that only the pipeline sets. */
export type OwnedBatch = { -readonly [K in keyof FlowBatch]: FlowBatch[K] } & {
  /** The batch's own memory. Until `keepBytes`, `bytes` is memory of the capture source. */
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

/** If the headers of a batch span this many times their total length, they are copied one by one. */
const SPARSE = 8;

/**
 * Copies the headers into memory of the batch. Headers from a ring lie close together, so they are copied in one piece.
 */
export function keepBytes(batch: OwnedBatch): void {
  const { count, offset, headerLength } = batch;
  let begin = batch.bytes.length;
  let end = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const at = offset[i] as number;
    const length = headerLength[i] as number;
    begin = Math.min(begin, at);
    end = Math.max(end, at + length);
    total += align(length);
  }
  const span = Math.max(end - begin, 0);
  if (span > SPARSE * total) copyEach(batch, total);
  else copySpan(batch, begin, span);
  batch.bytes = batch.own;
}

function copySpan(batch: OwnedBatch, begin: number, length: number): void {
  const { count, offset } = batch;
  if (batch.own.length < length) batch.own = new Uint8Array(length);
  batch.own.set(batch.bytes.subarray(begin, begin + length));
  for (let i = 0; i < count; i++) offset[i] = (offset[i] as number) - begin;
}

function copyEach(batch: OwnedBatch, total: number): void {
  const { bytes, count, offset, headerLength } = batch;
  if (batch.own.length < total) batch.own = new Uint8Array(total);
  let next = 0;
  for (let i = 0; i < count; i++) {
    const at = offset[i] as number;
    const length = headerLength[i] as number;
    batch.own.set(bytes.subarray(at, at + length), next);
    offset[i] = next;
    next += align(length);
  }
}

/** Rounds up to a multiple of four, because headers at such offsets are encoded faster. */
const align = (length: number): number => (length + 3) & ~3;

/** Removes the records and the reference to the source's memory. The next packets overwrite the columns. */
export function clearBatch(batch: OwnedBatch): void {
  batch.records.fill(undefined, 0, batch.count);
  batch.bytes = NO_BYTES;
  batch.count = 0;
  batch.drops = 0;
}
