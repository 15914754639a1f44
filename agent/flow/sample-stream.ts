// Sorts sampled packets of many interfaces and rates, read from one socket, into a batch for each data source and rate.

import type { Sampler, SflowAgent } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import type { FlowBatch, Flows, SampledFrame, SampleStream } from "./flows.ts";

/** The state of one data source, with its batches since the last flush. */
interface Lane {
  readonly sampler: Sampler;
  readonly interfaceIndex: number;
  readonly open: FlowBatch[];
  /** Sampling rate of the newest frame; 0 before the first frame. */
  samplingRate: number;
  /** Number of samples lost since the last frame. */
  lost: number;
}

/** If there are more lanes than this, some are removed, because lanes of removed interfaces would accumulate. */
const MOST_LANES = 4096;

export class FrameStream implements SampleStream {
  readonly #flows: Pick<Flows, "take" | "write">;
  readonly #agent: Pick<SflowAgent, "sampler">;
  readonly #lanes = new Map<number, Lane>();
  /** Lanes that have batches or losses for the next flush. */
  readonly #busy = new Set<Lane>();

  constructor(flows: Pick<Flows, "take" | "write">, agent: Pick<SflowAgent, "sampler">) {
    this.#flows = flows;
    this.#agent = agent;
  }

  add(source: DataSource, frame: SampledFrame): void {
    const lane = this.#lane(source);
    const batch = this.#batchFor(lane, frame);
    const i = batch.count++;
    batch.offset[i] = frame.offset;
    batch.headerLength[i] = frame.length;
    batch.headerProtocol[i] = frame.headerProtocol;
    batch.frameLength[i] = frame.frameLength;
    batch.stripped[i] = frame.stripped;
    batch.input[i] = frame.input;
    batch.output[i] = frame.output;
    batch.direction[i] = frame.direction;
    batch.seconds[i] = frame.seconds;
    batch.nanoseconds[i] = frame.nanoseconds;
    batch.records[i] = frame.records;
    batch.drops += lane.lost;
    lane.lost = 0;
    lane.samplingRate = frame.samplingRate;
  }

  lose(source: DataSource, count: number): void {
    const lane = this.#lane(source);
    lane.lost += count;
    this.#busy.add(lane);
  }

  flush(): void {
    for (const lane of this.#busy) this.#flushLane(lane);
    if (this.#lanes.size > MOST_LANES) this.#forgetLanes();
  }

  /** Reports losses alone if no frame followed them. Keeps losses before the first frame, as their rate is unknown. */
  #flushLane(lane: Lane): void {
    for (const batch of lane.open) this.#flows.write(batch);
    lane.open.length = 0;
    if (lane.lost > 0 && lane.samplingRate === 0) return;
    if (lane.lost > 0) this.#writeLosses(lane);
    this.#busy.delete(lane);
  }

  #writeLosses(lane: Lane): void {
    const batch = this.#flows.take(lane.sampler, lane.interfaceIndex);
    batch.samplingRate = lane.samplingRate;
    batch.drops = lane.lost;
    lane.lost = 0;
    this.#flows.write(batch);
  }

  #forgetLanes(): void {
    for (const [key, lane] of this.#lanes) if (lane.lost === 0) this.#lanes.delete(key);
  }

  #lane(source: DataSource): Lane {
    const key = source.class * 2 ** 32 + source.index;
    const found = this.#lanes.get(key);
    if (found !== undefined) return found;
    const lane: Lane = {
      sampler: this.#agent.sampler(source),
      interfaceIndex: source.class === 0 ? source.index : 0,
      open: [],
      samplingRate: 0,
      lost: 0,
    };
    this.#lanes.set(key, lane);
    return lane;
  }

  #batchFor(lane: Lane, frame: SampledFrame): FlowBatch {
    for (let i = 0; i < lane.open.length; i++) {
      const batch = lane.open[i] as FlowBatch;
      if (batch.samplingRate !== frame.samplingRate || batch.bytes !== frame.bytes) continue;
      if (batch.count < batch.offset.length) return batch;
      lane.open.splice(i, 1);
      this.#flows.write(batch);
      break;
    }
    return this.#open(lane, frame);
  }

  #open(lane: Lane, { samplingRate, bytes }: SampledFrame): FlowBatch {
    const batch = this.#flows.take(lane.sampler, lane.interfaceIndex);
    batch.samplingRate = samplingRate;
    batch.bytes = bytes;
    lane.open.push(batch);
    this.#busy.add(lane);
    return batch;
  }
}
