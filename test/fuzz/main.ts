// Feeds each target with changed inputs for some seconds, and keeps those that reach new code: `npm run fuzz`. Prints
// an input that throws or is slow, and ends with 1. With --keep, the inputs found become part of the corpus.

import { seededRandom } from "../seeded-random.ts";
import { readCorpus, writeCorpus } from "./corpus-file.ts";
import { Coverage } from "./coverage.ts";
import { mutate } from "./mutate.ts";
import { type Target, targets } from "./targets.ts";

/** Inputs between two looks at the coverage, which cost as much as some inputs. */
const BATCH = 32;
const SLOW_MILLISECONDS = 20;
/** The shortest of several attempts is the target's time: a pause of the machine does not repeat. */
const ATTEMPTS = 5;

class Fault extends Error {}

function runOne({ name, run }: Target, bytes: Uint8Array): void {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ATTEMPTS && shortest > SLOW_MILLISECONDS; i++) {
    const began = performance.now();
    try {
      run(bytes);
    } catch (error) {
      throw new Fault(`${name} throws on ${Buffer.from(bytes).toString("base64")}`, { cause: error });
    }
    shortest = Math.min(shortest, performance.now() - began);
  }
  if (shortest > SLOW_MILLISECONDS)
    throw new Fault(`${name} takes ${shortest.toFixed()} ms on ${Buffer.from(bytes).toString("base64")}`);
}

/** Returns the inputs that reach code which no input before them reached. */
function reachingNew(target: Target, inputs: readonly Uint8Array[], coverage: Coverage): Uint8Array[] {
  return inputs.filter((bytes) => {
    runOne(target, bytes);
    return coverage.remember(coverage.take());
  });
}

function fuzz(target: Target, seconds: number, seed: number): { corpus: Uint8Array[]; report: string } {
  const random = seededRandom(seed);
  const coverage = new Coverage((url) => url.endsWith("/fuzz.js"));
  coverage.take();
  const corpus = reachingNew(target, [...target.seeds, ...readCorpus(target.name)], coverage);
  const [began, known] = [coverage.size, corpus.length];
  const until = performance.now() + seconds * 1000;
  let count = 0;
  while (performance.now() < until) {
    const inputs = Array.from({ length: BATCH }, () =>
      mutate(random.pick(corpus), random, { corpus, words: target.words }),
    );
    for (const bytes of inputs) runOne(target, bytes);
    count += BATCH;
    if (coverage.hasNew(coverage.take())) corpus.push(...reachingNew(target, inputs, coverage));
  }
  const grew = `${coverage.size} blocks (${began} at first), ${corpus.length} inputs (${known} at first)`;
  coverage.close();
  return { corpus, report: `${target.name}: ${count} inputs, ${grew}` };
}

const [seconds = "10", option] = process.argv.slice(2);
const seed = Date.now() >>> 0;
process.stdout.write(`seed ${seed}\n`);
for (const target of targets) {
  const { corpus, report } = fuzz(target, Number(seconds), seed);
  process.stdout.write(`${report}\n`);
  if (option === "--keep") writeCorpus(target.name, corpus);
}
