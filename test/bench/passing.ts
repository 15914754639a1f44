// The cost of sampling to the traffic itself: packets that pass a cable at full speed, with a tap and without.

import { readFileSync } from "node:fs";
import { start } from "../e2e/child.ts";
import { type Cable, type Namespace, nobody } from "../e2e/namespaces.ts";
import type { Bed } from "./bed.ts";

export interface Passing {
  readonly packetsPerSecond: number;
  /** Processor time of the whole machine for a packet. */
  readonly machineMicroseconds: number;
}

export interface PassingResult {
  readonly sampling: number;
  /** Tapped where packets arrive, and where they leave. */
  readonly receive: { readonly bare: Passing; readonly tapped: Passing };
  readonly transmit: { readonly bare: Passing; readonly tapped: Passing };
}

const SAMPLING = 1000;
const SECONDS = 2;
const ROUNDS = 3;
const PAYLOAD_BYTES = 200;
const TICKS_A_SECOND = 100;

/** Seconds that all processors together were busy. proc(5), /proc/stat. */
function busySeconds(): number {
  const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = first.split(/ +/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / TICKS_A_SECOND;
}

async function pass(from: Namespace, to: Cable): Promise<Passing> {
  const numbers = [5000, 0, SECONDS, PAYLOAD_BYTES].map(String);
  const busy = busySeconds();
  const sender = start(from, [process.execPath, "dist/bench-sender.js", nobody(to.address), ...numbers]);
  const [, sent, seconds] = await sender.says(/sent (\d+) in ([\d.]+)/);
  const packets = Number(sent);
  return {
    packetsPerSecond: packets / Number(seconds),
    machineMicroseconds: ((busySeconds() - busy) * 1e6) / packets,
  };
}

const median = (all: readonly Passing[]): Passing => {
  const middle = (of: (one: Passing) => number) => all.map(of).toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
  return {
    packetsPerSecond: middle((one) => one.packetsPerSecond),
    machineMicroseconds: middle((one) => one.machineMicroseconds),
  };
};

/**
 * Measures both in turns, so that other work on the machine affects both alike. Both include the start of the sender.
 */
export async function benchPassing(bed: Bed): Promise<PassingResult> {
  const [received, sent] = [
    { bare: [] as Passing[], tapped: [] as Passing[] },
    { bare: [] as Passing[], tapped: [] as Passing[] },
  ];
  const both = async (into: "bare" | "tapped") => {
    received[into].push(await pass(bed.far, bed.peer));
    sent[into].push(await pass(bed.host, bed.cable));
  };
  const collector = await bed.collector();
  for (let i = 0; i < ROUNDS; i++) {
    await both("bare");
    const agent = bed.agent(collector, SAMPLING);
    await agent.taps(bed.cable.index);
    await both("tapped");
    await agent.stop();
  }
  await collector.stop();
  const result = ({ bare, tapped }: typeof received) => ({ bare: median(bare), tapped: median(tapped) });
  return { sampling: SAMPLING, receive: result(received), transmit: result(sent) };
}
