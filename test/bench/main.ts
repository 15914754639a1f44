// What the agent costs on this machine: measured on the real process, printed as one table, written to results.json.

import { writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { makeBed } from "./bed.ts";
import { benchDocker } from "./docker.ts";
import { benchEncode } from "./encode.ts";
import { benchIdle, benchStart } from "./idle.ts";
import { benchPlainSendto } from "./plain-sendto.ts";
import { benchPoll } from "./poll.ts";
import { benchSampling, type SamplingResult } from "./sampling.ts";
import { benchShim } from "./shim.ts";
import { printTable } from "./table.ts";
import { benchTcp } from "./tcp.ts";

const LOADS = [20_000, 100_000, 300_000];
const RESULTS = "test/bench/results.json";

const machine = () => ({
  processor: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
});

async function measure() {
  const bed = makeBed();
  try {
    const plainSendtoMicroseconds = await benchPlainSendto(bed);
    const pollMicroseconds = await benchPoll();
    const startMilliseconds = await benchStart(bed);
    const idle = await benchIdle(bed);
    const collector = await bed.collector();
    const agent = bed.agent(collector, 1);
    await agent.taps(bed.cable.index);
    const sampling: SamplingResult[] = [];
    for (const load of LOADS) sampling.push(await benchSampling(bed, agent, collector, load));
    await agent.stop();
    await collector.stop();
    const tcp = await benchTcp(bed);
    const docker = await benchDocker();
    const micro = [benchEncode(), ...benchShim()];
    const cost = { plainSendtoMicroseconds, sampling, tcp, docker, idle, startMilliseconds, pollMicroseconds };
    return { machine: machine(), ...cost, micro };
  } finally {
    bed.remove();
  }
}

export type Results = Awaited<ReturnType<typeof measure>>;

/** Rounded to what the clock is worth, so that a run changes what has changed. */
const rounded = (results: Results): Results =>
  JSON.parse(JSON.stringify(results, (_, value) => (typeof value === "number" ? Number(value.toPrecision(3)) : value)));

const results = await measure();
printTable(results);
if (!process.argv.includes("--dry-run")) writeFileSync(RESULTS, `${JSON.stringify(rounded(results), null, 2)}\n`);
