// The cost of the agent on this machine: measured on the real process, printed as a table, written to results.json.
// With --many, only its growth up to 500 containers, which take minutes to start; later runs keep that curve.

import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { benchAccuracy } from "./accuracy.ts";
import { makeBed } from "./bed.ts";
import { type Curve, curve } from "./curve.ts";
import { benchDocker, benchManyContainers } from "./docker.ts";
import { benchEncode } from "./encode.ts";
import { benchCollectors, benchInterfaces } from "./growth.ts";
import { benchMemory, benchStart, startIdle } from "./idle.ts";
import { benchLowRates } from "./low-rates.ts";
import { benchPassing } from "./passing.ts";
import { benchPlainSendto } from "./plain-sendto.ts";
import { benchPoll } from "./poll.ts";
import { benchProfile } from "./profile.ts";
import { benchSampling, load, type SamplingResult } from "./sampling.ts";
import { benchShim } from "./shim.ts";
import { printTable } from "./table.ts";
import { benchTcp } from "./tcp.ts";
import { benchUnsampled } from "./unsampled.ts";

/** Packets a second; the budget is for the standard load. */
const STANDARD_LOAD = 100_000;
const LOADS = [1000, 10_000, 20_000, STANDARD_LOAD, 300_000];
/** Seconds until the code of the agent is compiled. */
const WARM_UP_SECONDS = 8;
const RESULTS = "test/bench/results.json";

const machine = () => ({
  processor: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
  /** How busy the machine was with other work when the run began. */
  loadAverage: loadavg()[0] ?? Number.NaN,
});

/** Processor time of all samples of a second, by their number. */
const sampleCurve = (sampling: readonly SamplingResult[]) =>
  curve(
    sampling.map(({ packetsPerSecond: work, microsecondsPerSample }) => ({ work, cost: microsecondsPerSample * work })),
  );

async function measure() {
  const facts = machine();
  const [bed, quiet] = [makeBed(), makeBed()];
  try {
    const benchIdle = await startIdle(quiet);
    const plainSendtoMicroseconds = await benchPlainSendto(bed);
    const pollMicroseconds = await benchPoll();
    const startMilliseconds = await benchStart(bed);
    const withDocker = await benchMemory(bed, "docker { }");
    const passing = await benchPassing(bed);
    const unsampled = await benchUnsampled(bed);
    const lowRates = await benchLowRates();
    const collector = await bed.collector();
    const agent = bed.agent(collector, 1);
    await agent.taps(bed.cable.index);
    const sampling: SamplingResult[] = [];
    await load(bed, STANDARD_LOAD, WARM_UP_SECONDS);
    for (const rate of LOADS) sampling.push(await benchSampling(bed, agent, collector, rate));
    await agent.stop();
    await collector.stop();
    const profile = await benchProfile(bed, STANDARD_LOAD);
    const tcp = await benchTcp(bed);
    const docker = await benchDocker();
    const [interfaces, collectors] = [await benchInterfaces(bed), await benchCollectors(bed)];
    const growth = { samples: sampleCurve(sampling), interfaces, collectors, containers: docker.growth };
    const accuracy = await benchAccuracy(bed);
    const micro = [benchEncode(), ...benchShim()];
    const idle = await benchIdle();
    const cost = { plainSendtoMicroseconds, sampling, tcp, docker, idle, startMilliseconds, pollMicroseconds };
    return { machine: facts, ...cost, profile, withDocker, passing, unsampled, lowRates, growth, accuracy, micro };
  } finally {
    quiet.remove();
    bed.remove();
  }
}

type Measured = Awaited<ReturnType<typeof measure>>;

export type Results = Measured & { readonly manyContainers?: Curve };

/** Rounds to the precision of the clock, so that a run changes only figures that changed. */
const rounded = (results: Results): Results =>
  JSON.parse(JSON.stringify(results, (_, value) => (typeof value === "number" ? Number(value.toPrecision(3)) : value)));

const before: Results = JSON.parse(readFileSync(RESULTS, "utf8"));
const many = process.argv.includes("--many");
const results: Results = many
  ? { ...before, manyContainers: await benchManyContainers() }
  : { ...(await measure()), ...(before.manyContainers && { manyContainers: before.manyContainers }) };
printTable(results);
if (!process.argv.includes("--dry-run")) writeFileSync(RESULTS, `${JSON.stringify(rounded(results), null, 2)}\n`);
