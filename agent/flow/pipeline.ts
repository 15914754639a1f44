// Passes batches of sampled packets through the annotators to their sampler.

import type { Clock } from "../host/host.ts";
import type { Sampler, SflowAgent } from "../sflow/agent.ts";
import { clearBatch, keepBytes, makeBatch, type OwnedBatch } from "./batch.ts";
import type { Annotator, FlowBatch, Flows, Hold, SampleStream } from "./flows.ts";
import { Pending } from "./pending.ts";
import { FrameStream } from "./sample-stream.ts";

/** Counters for `status`. */
export interface FlowCounters {
  batches: number;
  packets: number;
  /** Batches that annotators hold now, and the packets in them. */
  heldBatches: number;
  heldPackets: number;
  /** Holds that ended at their deadline. */
  expired: number;
  /** Exceptions of annotators. The batch was sent without the records of these annotators. */
  failures: number;
}

/** Maximum number of free batches in the pool. After a burst of held batches, the others are garbage-collected. */
const SPARE_BATCHES = 16;

export class Pipeline implements Flows {
  readonly counters: FlowCounters = {
    batches: 0,
    packets: 0,
    heldBatches: 0,
    heldPackets: 0,
    expired: 0,
    failures: 0,
  };
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #spare: OwnedBatch[] = [];
  /** The array is replaced at each change, because an annotator may be removed while it runs. */
  #annotators: readonly Annotator[] = [];
  readonly #urgent = new Set<Annotator>();
  /** The batch that passes the annotators now, and its holds, which exist once the first annotator calls `hold`. */
  #current: OwnedBatch | undefined;
  #pending: Pending | undefined;

  /** Calls `failed` with each exception of an annotator. */
  constructor(clock: Clock, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
  }

  get isUrgent(): boolean {
    return this.#urgent.size > 0;
  }

  annotate(annotator: Annotator, isUrgent = false): () => void {
    this.#annotators = [...this.#annotators, annotator];
    if (isUrgent) this.#urgent.add(annotator);
    return () => {
      this.#urgent.delete(annotator);
      this.#annotators = this.#annotators.filter((other) => other !== annotator);
    };
  }

  take(sampler: Sampler, interfaceIndex: number, ready?: (batch: FlowBatch) => void): FlowBatch {
    const batch = this.#spare.pop() ?? makeBatch(sampler);
    batch.sampler = sampler;
    batch.interfaceIndex = interfaceIndex;
    batch.ready = ready;
    return batch;
  }

  write(given: FlowBatch): void {
    const batch = given as OwnedBatch;
    this.counters.batches++;
    this.counters.packets += batch.count;
    const pending = this.#throughAnnotators(batch);
    if (pending?.seal()) {
      keepBytes(batch);
      this.counters.heldBatches++;
      this.counters.heldPackets += batch.count;
    } else {
      this.#finish(batch);
    }
  }

  stream(agent: Pick<SflowAgent, "sampler">): SampleStream {
    return new FrameStream(this, agent);
  }

  #throughAnnotators(batch: OwnedBatch): Pending | undefined {
    if (this.#annotators.length === 0) return undefined;
    this.#current = batch;
    for (const annotator of this.#annotators) this.#guard(annotator, batch);
    const pending = this.#pending;
    this.#current = undefined;
    this.#pending = undefined;
    return pending;
  }

  #guard(annotator: Annotator, batch: OwnedBatch): void {
    try {
      annotator(batch, this.#hold);
    } catch (error) {
      this.counters.failures++;
      this.#failed(error);
    }
  }

  readonly #hold = (deadlineMilliseconds: number): Hold => {
    if (this.#current === undefined) throw new Error("a batch must be held before its annotator returns");
    this.#pending ??= this.#keep(this.#current);
    return this.#pending.hold(deadlineMilliseconds);
  };

  #keep(batch: OwnedBatch): Pending {
    const released = (): void => {
      this.counters.heldBatches--;
      this.counters.heldPackets -= batch.count;
      this.#finish(batch);
    };
    return new Pending(this.#clock, released, () => this.counters.expired++);
  }

  #finish(batch: OwnedBatch): void {
    batch.ready?.(batch);
    batch.sampler.write(batch);
    clearBatch(batch);
    if (this.#spare.length < SPARE_BATCHES) this.#spare.push(batch);
  }
}
