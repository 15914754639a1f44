// Sampled packets on their way to a sampler: annotators in module order, then out. The seam that tcp { } and docker { }
// build on.

import type { Sampler } from "../sflow/agent.ts";
import type { SampledPackets } from "../sflow/sampled-packets.ts";

/** What the wire does not carry but annotators ask for. */
export interface FlowBatch extends SampledPackets {
  readonly sampler: Sampler;
  /** ifIndex of the tap. */
  readonly interfaceIndex: number;
  /** 0 unknown, 1 received, 2 sent. */
  readonly direction: Uint8Array;
}

/** Keeps a batch back; every hold must be released, and is when its deadline passes. */
export interface Hold {
  /**
   * True once its deadline has passed: the batch is gone, and its columns hold other packets. Nothing may be added
   * then.
   */
  readonly over: boolean;
  /** Adds of this annotator are done. A second call, or one after the deadline, is without effect. */
  release(): void;
}

/**
 * Called once a batch, never once a packet. Adds records to `batch.records[i]` and puts better ports into `input` and
 * `output`, at once, or calls `hold` synchronously and does so later. `batch` stays as it is until the last hold is
 * released; only the headers move, after the annotators have returned, into memory of its own: look for `bytes` and
 * `offset` anew.
 */
export type Annotator = (batch: FlowBatch, hold: (deadlineMilliseconds: number) => Hold) => void;

export interface Flows {
  /** In the order called. The function returned takes the annotator out. */
  annotate(annotator: Annotator): () => void;
  /**
   * A batch to fill: from the pool, or new while others are held. Its `bytes` may be any memory that lasts until
   * `write` returns. `ready` is called when the annotators are done, just before the sampler has it.
   */
  take(sampler: Sampler, interfaceIndex: number, ready?: (batch: FlowBatch) => void): FlowBatch;
  /** Through the annotators to its sampler; the batch belongs to the pipeline from here on. */
  write(batch: FlowBatch): void;
}
