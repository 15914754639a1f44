// The contract of the flow pipeline: sampled packets pass the annotators in module order and reach their sampler.

import type { Sampler, SflowAgent } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import type { FlowRecord } from "../sflow/record.ts";
import type { SampledPackets } from "../sflow/sampled-packets.ts";

/** Sampled packets, and what annotators need to know of them beyond what a sample carries. */
export interface FlowBatch extends SampledPackets {
  readonly sampler: Sampler;
  /** ifIndex of the tap. */
  readonly interfaceIndex: number;
  /** 0 unknown, 1 received, 2 sent. */
  readonly direction: Uint8Array;
}

/** Keeps a batch back until it is released, or until its deadline has passed. */
export interface Hold {
  /**
   * True once the hold has ended. After its deadline the batch is gone and its columns hold other packets, so nothing
   * may be added.
   */
  readonly over: boolean;
  /** Says that this annotator is done. A second call, or one after the deadline, has no effect. */
  release(): void;
}

/**
 * Adds records to `batch.records[i]` and better ports to `input` and `output`, called once a batch. An annotator that
 * must look something up calls `hold` before it returns, and adds later. A held batch stays as it is, except that its
 * headers move into memory of its own after the annotators have returned: read `bytes` and `offset` again.
 */
export type Annotator = (batch: FlowBatch, hold: (deadlineMilliseconds: number) => Hold) => void;

/** One packet that came sampled. A block fills the same object again for each packet. */
export interface SampledFrame {
  /** The sampled header is `length` bytes of `bytes` at `offset`. The bytes must stay as they are until `flush`. */
  bytes: Uint8Array;
  offset: number;
  length: number;
  /** These five are the columns of a batch of the same names. See sampled-packets.ts. */
  frameLength: number;
  headerProtocol: number;
  stripped: number;
  input: number;
  output: number;
  /** 0 unknown, 1 received, 2 sent. */
  direction: number;
  /** 1-in-N of this packet. */
  samplingRate: number;
  /** Time of the packet, UNIX epoch; seconds 0 if unknown. */
  seconds: number;
  nanoseconds: number;
  /** Records that the packet brought with it. The batch keeps the array. */
  records: FlowRecord[] | undefined;
}

/** Samples of many interfaces and rates out of one socket. */
export interface SampleStream {
  /** Adds a sample to the batch of this source and rate. */
  add(source: DataSource, frame: SampledFrame): void;
  /** Counts lost samples of a source. They go out with the next frame of that source, at the rate of that frame. */
  lose(source: DataSource, count: number): void;
  /** Sends every batch on its way: call it at the end of each read. */
  flush(): void;
}

export interface Flows {
  /** Adds an annotator behind those that are there. The function returned takes it out again. */
  annotate(annotator: Annotator): () => void;
  /**
   * Returns a batch to fill: from the pool, or a new one while others are held. Its `bytes` may be any memory that
   * lasts until `write` returns. `ready` is called between the annotators and the sampler.
   */
  take(sampler: Sampler, interfaceIndex: number, ready?: (batch: FlowBatch) => void): FlowBatch;
  /** Sends the batch through the annotators to its sampler. From here on it belongs to the pipeline. */
  write(batch: FlowBatch): void;
  /** Opens a stream for packets that come sampled, to the samplers of `agent`. */
  stream(agent: Pick<SflowAgent, "sampler">): SampleStream;
}
