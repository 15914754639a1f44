// Processor time and wake-ups of an agent at 0 to 10,000 samples a second, all threads, 1-in-1, polling every 30
// seconds; and how long a sample waits until it arrives at the collector. OTHER names the hsflowd.js of another build
// and HSFLOWD the program of hsflowd: they are measured in turns with this build, each in a test bed of its own.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, start } from "../e2e/child.ts";
import { sleep, until } from "../e2e/command.ts";
import { type Bed, type Collector, makeBed, type Waits } from "./bed.ts";
import { cpuMicroseconds, wakes } from "./process-cost.ts";
import { load } from "./sampling.ts";

export interface LowRate {
  readonly agent: string;
  readonly samplesPerSecond: number;
  /** Milliseconds of processor time a second, and wake-ups a second, in each window. */
  readonly milliseconds: readonly number[];
  readonly wakes: readonly number[];
  readonly lost: number;
  /** Milliseconds from the packet to the collector; undefined if the agent sends no time of the packet. */
  readonly waits: Waits | undefined;
}

const RATES = [0, 10, 100, 1000, 5000, 10_000];
const WINDOWS = 3;
const SECONDS = 10;
const WARM_UP_SECONDS = 45;
const WARM_UP_RATE = 2000;
/** A sender is expected to end within 20 s. */
const LOAD_SECONDS = 10;
/** Longer than a sample waits. */
const LAST_MILLISECONDS = 400;

const configuration = (port: number) => `sflow {
  polling = 30
  agentIP = 10.9.0.1
  collector { ip = 127.0.0.1 udpport = ${port} }
  pcap { dev = eth0 }
  sampling = 1
  sampling.10G = 1
}
`;

/** An agent in its own test bed. */
interface Contestant {
  readonly name: string;
  readonly bed: Bed;
  readonly collector: Collector;
  readonly child: Child;
}

function startProgram(bed: Bed, program: string, collector: Collector): Child {
  const file = join(bed.folder, "low-rates.conf");
  writeFileSync(file, configuration(collector.port));
  const words = ["-d", "-f", file, "-o", `${file}.auto`, "-p", `${file}.pid`];
  if (!program.endsWith(".js")) return start(bed.host, [program, ...words]);
  const own = [`--control-socket=${file}.sock`, `--state-file=${file}.state`, "--allow-second"];
  return start(bed.host, [
    process.execPath,
    ...(process.env["NODE_FLAGS"]?.split(" ") ?? []),
    program,
    ...words,
    ...own,
  ]);
}

/** Starts an agent, and runs it under load until its code is compiled. */
async function enter(name: string, program: string, bed: Bed, seconds: number): Promise<Contestant> {
  const collector = await bed.collector();
  const child = startProgram(bed, program, collector);
  const sampled = async () => {
    if (child.ended()) throw new Error(`${name} ended: ${child.stderr()}`);
    await load(bed, 100, 1);
    return (await collector.counted()).flows > 0;
  };
  await until(`samples of ${name}`, sampled);
  for (let left = seconds; left > 0; left -= LOAD_SECONDS) await load(bed, WARM_UP_RATE, Math.min(left, LOAD_SECONDS));
  return { name, bed, collector, child };
}

/** Measures one window under a load that begins before it and ends after it. */
async function measure({ bed, collector, child }: Contestant, rate: number, seconds: number) {
  const before = await collector.counted();
  const sending = rate === 0 ? Promise.resolve(0) : load(bed, rate, seconds + 1);
  await sleep(500);
  const at = performance.now();
  const [cpu, woken] = [cpuMicroseconds(child.pid), wakes(child.pid)];
  await sleep(seconds * 1000);
  const past = (performance.now() - at) / 1000;
  const result = {
    milliseconds: (cpuMicroseconds(child.pid) - cpu) / 1000 / past,
    wakes: (wakes(child.pid) - woken) / past,
  };
  const sent = await sending;
  await sleep(LAST_MILLISECONDS);
  const { flows, waits } = await collector.counted();
  return { ...result, lost: sent - (flows - before.flows), waits };
}

const widest = (all: readonly Waits[]): Waits | undefined =>
  all.length === 0
    ? undefined
    : {
        least: Math.min(...all.map(({ least }) => least)),
        median: all.map(({ median }) => median).toSorted((a, b) => a - b)[all.length >>> 1] ?? Number.NaN,
        most: Math.max(...all.map(({ most }) => most)),
      };

async function benchRate(contestants: readonly Contestant[], rate: number, seconds: number): Promise<LowRate[]> {
  const windows = contestants.map(() => [] as Awaited<ReturnType<typeof measure>>[]);
  for (let i = 0; i < WINDOWS; i++)
    for (const [which, contestant] of contestants.entries())
      windows[which]?.push(await measure(contestant, rate, seconds));
  return windows.map((list, which) => ({
    agent: contestants[which]?.name ?? "",
    samplesPerSecond: rate,
    milliseconds: list.map(({ milliseconds }) => milliseconds),
    wakes: list.map(({ wakes }) => wakes),
    lost: list.reduce((sum, { lost }) => sum + lost, 0),
    waits: widest(list.flatMap(({ waits }) => waits ?? [])),
  }));
}

export async function benchLowRates(
  seconds = SECONDS,
  warmUp = WARM_UP_SECONDS,
  rates: readonly number[] = RATES,
): Promise<LowRate[]> {
  const { OTHER, HSFLOWD } = process.env;
  const programs = Object.entries({ here: "dist/hsflowd.js", other: OTHER, hsflowd: HSFLOWD });
  const beds: Bed[] = [];
  const contestants: Contestant[] = [];
  try {
    for (const [name, program] of programs) {
      if (program === undefined) continue;
      const bed = makeBed();
      beds.push(bed);
      contestants.push(await enter(name, program, bed, warmUp));
    }
    const rows: LowRate[] = [];
    for (const rate of rates) rows.push(...(await benchRate(contestants, rate, seconds)));
    return rows;
  } finally {
    for (const { child, collector } of contestants) await Promise.all([child.stop(), collector.stop()]);
    for (const bed of beds) bed.remove();
  }
}
