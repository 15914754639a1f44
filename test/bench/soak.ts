// `npm run soak -- SECONDS`: 10,000 samples a second for that long, and whether memory grows, over the whole run and
// in each hour.

import { makeBed } from "./bed.ts";
import { type Memory, memory } from "./process-cost.ts";
import { load, settled } from "./sampling.ts";

const PACKETS_PER_SECOND = 10_000;
const DEFAULT_SECONDS = 3600;
const ROUND_SECONDS = 10;
/** Ten minutes, until code that runs once a second is compiled. */
const WARM_UP_ROUNDS = 60;
const MINUTE_ROUNDS = 6;
/** The agent returns memory as often: the most between two returns counts. */
const LOOK_ROUNDS = 30;
const HOUR_LOOKS = 3600 / ROUND_SECONDS / LOOK_ROUNDS;

interface Look extends Memory {
  readonly hours: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Least squares: megabytes an hour, and their share of the mean. */
function growth(looks: readonly Look[], of: keyof Memory): string {
  const [x0, y0] = [mean(looks.map(({ hours }) => hours)), mean(looks.map((look) => look[of]))];
  const along = looks.reduce((sum, look) => sum + (look.hours - x0) * (look[of] - y0), 0);
  const slope = along / looks.reduce((sum, { hours }) => sum + (hours - x0) ** 2, 0);
  return `${slope.toFixed(2)} MB an hour (${((slope / y0) * 100).toFixed(2)} %)`;
}

const most = (memories: readonly Memory[]): Memory => ({
  residentMegabytes: Math.max(...memories.map(({ residentMegabytes }) => residentMegabytes)),
  anonymousMegabytes: Math.max(...memories.map(({ anonymousMegabytes }) => anonymousMegabytes)),
});

function say(when: string, looks: readonly Look[]): void {
  const [anonymous, resident] = [growth(looks, "anonymousMegabytes"), growth(looks, "residentMegabytes")];
  process.stdout.write(`${when}: anonymous memory grows by ${anonymous}, resident by ${resident}\n`);
}

const seconds = Number(process.argv[2] ?? DEFAULT_SECONDS);
const bed = makeBed();
try {
  const collector = await bed.collector();
  const agent = bed.agent(collector, 1);
  await agent.taps(bed.cable.index);
  const looks: Look[] = [];
  let memories: Memory[] = [];
  let offered = 0;
  for (let round = 1; round <= WARM_UP_ROUNDS + Math.ceil(seconds / ROUND_SECONDS); round++) {
    offered += await load(bed, PACKETS_PER_SECOND, ROUND_SECONDS);
    const now = memory(agent.pid);
    const { residentMegabytes, anonymousMegabytes } = now;
    const figures = `${residentMegabytes.toFixed(1)} MB resident, ${anonymousMegabytes.toFixed(2)} MB anonymous`;
    if (round % MINUTE_ROUNDS === 0) process.stdout.write(`${offered} samples: ${figures}\n`);
    if (round > WARM_UP_ROUNDS) memories.push(now);
    if (memories.length < LOOK_ROUNDS) continue;
    looks.push({ hours: performance.now() / 3_600_000, ...most(memories) });
    memories = [];
  }
  const lost = offered - (await settled(collector));
  process.stdout.write(`${lost} of ${offered} lost\n`);
  for (let first = 0; first + HOUR_LOOKS <= looks.length; first += HOUR_LOOKS) {
    say(`hour ${first / HOUR_LOOKS + 1}`, looks.slice(first, first + HOUR_LOOKS));
  }
  if (looks.length > 1) say("in all", looks);
  await agent.stop();
  await collector.stop();
} finally {
  bed.remove();
}
