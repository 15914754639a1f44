// `npm run soak -- SECONDS`: 10,000 samples a second for as long as one likes, and whether memory grows.

import { makeBed } from "./bed.ts";
import { memory } from "./process-cost.ts";
import { load, settled } from "./sampling.ts";

const PACKETS_PER_SECOND = 10_000;
const DEFAULT_SECONDS = 3600;
const ROUND_SECONDS = 10;
/** Until code is compiled and buffers are made. */
const WARM_UP_ROUNDS = 6;

interface Look {
  readonly hours: number;
  readonly megabytes: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Least squares: megabytes an hour. */
function slopePerHour(looks: readonly Look[]): number {
  const [x0, y0] = [mean(looks.map(({ hours }) => hours)), mean(looks.map(({ megabytes }) => megabytes))];
  const along = looks.reduce((sum, { hours, megabytes }) => sum + (hours - x0) * (megabytes - y0), 0);
  return along / looks.reduce((sum, { hours }) => sum + (hours - x0) ** 2, 0);
}

const seconds = Number(process.argv[2] ?? DEFAULT_SECONDS);
const bed = makeBed();
try {
  const collector = await bed.collector();
  const agent = bed.agent(collector, 1);
  await agent.taps(bed.cable.index);
  const looks: Look[] = [];
  let offered = 0;
  for (let round = 1; round <= WARM_UP_ROUNDS + Math.ceil(seconds / ROUND_SECONDS); round++) {
    offered += await load(bed, PACKETS_PER_SECOND, ROUND_SECONDS);
    const { residentMegabytes, anonymousMegabytes } = memory(agent.pid);
    const figures = `${residentMegabytes.toFixed(1)} MB resident, ${anonymousMegabytes.toFixed(2)} MB anonymous`;
    if (round % WARM_UP_ROUNDS === 0) process.stdout.write(`${offered} samples: ${figures}\n`);
    if (round > WARM_UP_ROUNDS) looks.push({ hours: performance.now() / 3_600_000, megabytes: anonymousMegabytes });
  }
  const lost = offered - (await settled(collector));
  const slope = slopePerHour(looks);
  const share = (slope / mean(looks.map(({ megabytes }) => megabytes))) * 100;
  process.stdout.write(`${lost} of ${offered} lost; anonymous memory grows by ${slope.toFixed(3)} MB an hour, `);
  process.stdout.write(`${share.toFixed(2)} %\n`);
  await agent.stop();
  await collector.stop();
} finally {
  bed.remove();
}
