// An agent on the workbench: time that the test moves, chance it chooses, and a collector that keeps what it was sent.

import type { Collector, DatagramBatch } from "../../agent/sflow/collector.ts";
import type { Stream } from "../../agent/sflow/datagram.ts";
import type { Environment } from "../../agent/sflow/environment.ts";
import { makeAgent, type RunningAgent } from "../../agent/sflow/make-agent.ts";
import { makeReceiver, type Receiver } from "../../agent/sflow/receiver.ts";

/** Timers in the order of their time; `advance` runs those that become due, `stall` lets time pass without them. */
export function makeTime(start = 0) {
  let now = start;
  let timers: { at: number; run: () => void }[] = [];
  const next = (until: number) => timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    uptime: () => now,
    after(milliseconds: number, run: () => void) {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return {
        cancel() {
          timers = timers.filter((other) => other !== timer);
        },
      };
    },
    advance(milliseconds: number) {
      const until = now + milliseconds;
      for (let due = next(until); due !== undefined; due = next(until)) {
        timers = timers.filter((other) => other !== due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = until;
    },
    stall(milliseconds: number) {
      now += milliseconds;
    },
  };
}

export interface Bench {
  readonly time: ReturnType<typeof makeTime>;
  readonly receiver: Receiver;
  readonly agent: RunningAgent;
  readonly failures: string[];
  /** Datagrams as sent, oldest first. */
  readonly sent: Uint8Array[];
  /** How many datagrams each call had. */
  readonly calls: number[];
  readonly collector: Collector;
}

export interface BenchOptions extends Partial<Stream> {
  readonly polling?: number;
  readonly random?: (below: number) => number;
  readonly uptime?: number;
  readonly firstDatagram?: number;
  readonly firstSample?: number;
  readonly firstPool?: number;
  readonly collector?: false;
}

export function makeBench(options: BenchOptions = {}): Bench {
  const { polling = 30, random = () => 0, firstDatagram = 1, firstSample = 1, firstPool = 0 } = options;
  const { address = Uint8Array.of(192, 0, 2, 1), subAgentId = 0, datagramBytes = 1400 } = options;
  const time = makeTime(options.uptime);
  const failures: string[] = [];
  const environment: Environment = { clock: time, random, guard: makeGuard(failures) };
  const receiver = makeReceiver(environment, { address, subAgentId, datagramBytes }, firstDatagram);
  const agent = makeAgent(environment, receiver, polling, { sequence: firstSample, pool: firstPool });
  const sent: Uint8Array[] = [];
  const calls: number[] = [];
  const collector = { send: (batch: DatagramBatch) => void keep(batch, sent, calls) };
  if (options.collector !== false) receiver.add(collector);
  return { time, receiver, agent, failures, sent, calls, collector };
}

function makeGuard(failures: string[]): Environment["guard"] {
  return (where, run) => {
    try {
      run();
      return true;
    } catch (error) {
      failures.push(`${where}: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  };
}

function keep(batch: DatagramBatch, sent: Uint8Array[], calls: number[]): void {
  calls.push(batch.count);
  for (let i = 0; i < batch.count; i++) {
    const at = batch.offsets[i] as number;
    sent.push(batch.bytes.slice(at, at + (batch.lengths[i] as number)));
  }
}

export const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
export const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/\s/g, ""), "hex"));
