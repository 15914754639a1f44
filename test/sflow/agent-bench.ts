// An agent for tests. The test controls its clock and random numbers, and its collector keeps the datagrams.

import { WorkQueue } from "../../agent/host/work-queue.ts";
import type { DatagramBatch } from "../../agent/sflow/collector.ts";
import type { Stream } from "../../agent/sflow/datagram.ts";
import type { Environment } from "../../agent/sflow/environment.ts";
import { makeAgent, type RunningAgent } from "../../agent/sflow/make-agent.ts";
import { type Numbering, Numbers } from "../../agent/sflow/numbers.ts";
import { Receiver } from "../../agent/sflow/receiver.ts";
import { type FakeClock, makeFakeClock } from "../fakes/clock.ts";
import { type Opened, open } from "./open.ts";

export interface Bench {
  readonly clock: FakeClock;
  readonly receiver: Receiver;
  readonly agent: RunningAgent;
  /** The errors that the guard caught, each with the name of the callback and the message. */
  readonly failures: string[];
  readonly sent: Sent;
}

export interface BenchOptions extends Partial<Stream> {
  readonly polling?: number;
  readonly random?: (below: number) => number;
  /** Milliseconds. */
  readonly uptime?: number;
  readonly firstDatagram?: number;
  readonly firstSample?: number;
  readonly firstPool?: number;
  readonly collector?: false;
}

export const stream: Stream = { address: Uint8Array.of(192, 0, 2, 1), subAgentId: 0, datagramBytes: 1400 };

export function makeBench(options: BenchOptions = {}): Bench {
  const { polling = 30, random = () => 0, firstDatagram = 1, firstSample = 1, firstPool = 0 } = options;
  const clock = makeFakeClock(options.uptime);
  const failures: string[] = [];
  const environment: Environment = { clock, random, guard: guardInto(failures), queue: new WorkQueue(clock) };
  const numbers = new BenchNumbers({ datagrams: firstDatagram, samples: firstSample, pool: firstPool });
  const receiver = new Receiver(environment, { ...stream, ...options }, numbers);
  const agent = makeAgent(environment, receiver, polling, numbers);
  const sent = new Sent();
  if (options.collector !== false) receiver.add(sent);
  return { clock, receiver, agent, failures, sent };
}

/** Sequence numbers that start at a value of the test. */
class BenchNumbers extends Numbers {
  readonly #first: { readonly datagrams: number; readonly samples: number; readonly pool: number };

  constructor(first: { datagrams: number; samples: number; pool: number }) {
    super();
    this.#first = first;
  }

  override take(name: string): Numbering {
    const numbering = super.take(name);
    const { datagrams, samples, pool } = this.#first;
    if (numbering.sequence === 0) {
      numbering.sequence = ((name.startsWith("datagrams") ? datagrams : samples) - 1) >>> 0;
      numbering.pool = pool;
    }
    return numbering;
  }
}

/** A collector that keeps a copy of all datagrams. */
export class Sent {
  readonly bytes: Uint8Array[] = [];
  /** The number of datagrams of each call. */
  readonly calls: number[] = [];

  send(batch: DatagramBatch): void {
    this.calls.push(batch.count);
    for (let i = 0; i < batch.count; i++) {
      const at = batch.offsets[i] as number;
      this.bytes.push(batch.bytes.slice(at, at + (batch.lengths[i] as number)));
    }
  }

  get datagrams(): Opened["value"][] {
    return this.bytes.map((bytes) => {
      const { value, problems } = open(bytes);
      if (problems.length > 0) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join("; "));
      return value;
    });
  }

  get samples() {
    return this.datagrams.flatMap(({ samples }) => samples);
  }

  get sizes(): number[] {
    return this.bytes.map(({ length }) => length);
  }

  clear(): void {
    this.bytes.length = 0;
    this.calls.length = 0;
  }
}

const guardInto =
  (failures: string[]): Environment["guard"] =>
  (where, run) => {
    try {
      run();
      return true;
    } catch (error) {
      failures.push(`${where}: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  };
