// The contract of the flow pipeline. Batches of sampled packets pass the annotators, in the order of the modules, and
// then reach the sampler of their interface. An annotator adds records or ports to packets.

import type { Sampler, SflowAgent } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import type { FlowRecord } from "../sflow/record.ts";
import type { SampledPackets } from "../sflow/sampled-packets.ts";

/** A batch of sampled packets, with facts for annotators that are not part of a sample. */
export interface FlowBatch extends SampledPackets {
  readonly sampler: Sampler;
  /** ifIndex of the sampled interface. */
  readonly interfaceIndex: number;
  /** Direction of each packet: 0 unknown, 1 received, 2 sent. */
  readonly direction: Uint8Array;
}

/** Holds a batch in the pipeline until it is released, or until the deadline of the hold. */
export interface Hold {
  /**
   * True after the hold has ended. Add nothing to the batch then: after the deadline its columns may already hold other
   * packets.
   */
  readonly over: boolean;
  /** To be called when the annotator is done. A second call, or a call after the deadline, has no effect. */
  release(): void;
}

/**
 * Called once for each batch. Adds records to `batch.records[i]` and sets more exact ports in `input` and `output`. An
 * annotator that must wait for a lookup calls `hold` before it returns, and adds records later. After all annotators
 * have returned, the headers of a held batch are copied into the batch's own memory: read `bytes` and `offset` again.
 */
export type Annotator = (batch: FlowBatch, hold: (deadlineMilliseconds: number) => Hold) => void;

/**
 * One packet that was sampled outside the agent, for example by a switch. A block reuses the object for each packet.
 */
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
  /** Direction of the packet: 0 unknown, 1 received, 2 sent. */
  direction: number;
  /** Sampling rate of this packet: N of 1-in-N. */
  samplingRate: number;
  /** Time of the packet, UNIX epoch; seconds 0 if unknown. */
  seconds: number;
  nanoseconds: number;
  /** Records that the block adds to the packet. The batch keeps the array. */
  records: FlowRecord[] | undefined;
}

/** A stream of samples of many interfaces and rates, read from one socket. */
export interface SampleStream {
  /** Adds a sample to the batch of this source and rate. */
  add(source: DataSource, frame: SampledFrame): void;
  /**
   * Counts lost samples of a source. They are reported with the next frame of that source, at the rate of that frame.
   */
  lose(source: DataSource, count: number): void;
  /** Passes every batch to the pipeline. Call it at the end of each read. */
  flush(): void;
}

export interface Flows {
  /**
   * Adds an annotator behind the present ones. Returns a function that removes it. An urgent annotator looks up what is
   * gone soon after the packet, such as a connection.
   */
  annotate(annotator: Annotator, isUrgent?: boolean): () => void;
  /** True while there is an urgent annotator. */
  readonly isUrgent: boolean;
  /**
   * Returns a batch to fill, from the pool if one is free. Its `bytes` may be any memory that is valid until `write`
   * returns. `ready` is called after the annotators and before the sampler.
   */
  take(sampler: Sampler, interfaceIndex: number, ready?: (batch: FlowBatch) => void): FlowBatch;
  /** Passes the batch through the annotators to its sampler. From then on, the batch belongs to the pipeline. */
  write(batch: FlowBatch): void;
  /** Opens a stream to the samplers of `agent`, for packets that were sampled outside the agent. */
  stream(agent: Pick<SflowAgent, "sampler">): SampleStream;
}
