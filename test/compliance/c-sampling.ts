// C, sampling as statistics: rates, pools and gaps between sampled packets of a numbered load.

import { distance } from "../../agent/sflow/continuity.ts";
import { type Check, check, type Evidence, each, eachOf } from "./check.ts";
import { type NumberedSample, numberedSamples } from "./sampled.ts";
import { groupBy, type PlacedFlow, successive } from "./stream.ts";

const bySource = (flows: readonly PlacedFlow[]): [PlacedFlow, PlacedFlow][] =>
  successive(flows, ({ source }) => source);

interface Load {
  readonly rate: number;
  readonly count: number;
  /** The samples of one data source, by packet number. */
  readonly samples: readonly NumberedSample[];
  readonly gaps: readonly number[];
}

/** The numbered load as seen by the source that has most of it; undefined where no packet was numbered. */
function load({ stream, expect: { numbered } }: Evidence): Load | undefined {
  if (numbered === undefined) return undefined;
  const sources = [...groupBy(numberedSamples(stream, numbered), ({ source }) => source).values()];
  const [samples = []] = sources.sort((a, b) => b.length - a.length);
  const [first] = samples;
  if (first === undefined) return undefined;
  const gaps = samples.slice(1).map(({ number }, i) => number - (samples[i] as NumberedSample).number);
  return { rate: first.sample.samplingRate, count: numbered.count, samples, gaps };
}

/** Judges a load that is long enough and sampled at 1 in `least`, or less often. */
const onLoad =
  (least: number, enough: (load: Load) => boolean, judge: (load: Load) => string | undefined) =>
  (evidence: Evidence): string[] | undefined => {
    const found = load(evidence);
    if (found === undefined || found.rate < least || !enough(found)) return undefined;
    const wrong = judge(found);
    return wrong === undefined ? [] : [wrong];
  };

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function judgeCount({ rate, count, samples }: Load): string | undefined {
  const drops = samples.at(-1)?.sample.drops ?? 0;
  const expected = count / rate;
  const deviation = 4 * Math.sqrt(expected * (1 - 1 / rate));
  const off = samples.length + drops - expected;
  return Math.abs(off) > deviation
    ? `${samples.length} samples of ${count}, ${expected} +- ${deviation.toFixed(1)} expected`
    : undefined;
}

/** Independent draws and uniform skips both have a mean of N; independent draws have the larger deviation. */
function judgeMean({ rate, gaps }: Load): string | undefined {
  const mean = sum(gaps) / gaps.length;
  const off = Math.abs(mean - rate);
  return off > (4 * rate) / Math.sqrt(gaps.length) ? `mean gap ${mean.toFixed(2)} at 1-in-${rate}` : undefined;
}

const PERIODS = [2, 3, 5, 10];

/** Periodic traffic must not fall in step with the sampler: every phase has its share of samples. */
function judgePhases({ rate, samples }: Load): string | undefined {
  for (const period of [...PERIODS, rate]) {
    const share = samples.length / period;
    if (share < 25) continue;
    const counts = Array.from({ length: period }, () => 0);
    for (const { number } of samples) counts[number % period] = (counts[number % period] ?? 0) + 1;
    const deviation = 5 * Math.sqrt(share * (1 - 1 / period));
    const phase = counts.findIndex((count) => Math.abs(count - share) > deviation);
    if (phase >= 0) return `phase ${phase} of ${period}: ${counts[phase]} samples, ${share.toFixed(1)} expected`;
  }
  return undefined;
}

/** Between the first and the last numbered sample, the pool grew by the packets offered, other traffic included. */
function judgePool({ rate, samples }: Load): string | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const offered = last.number - first.number;
  const grown = distance(first.sample.samplePool, last.sample.samplePool);
  const slack = 2 * rate + 0.005 * offered;
  return Math.abs(grown - offered) > slack ? `the pool grew by ${grown} over ${offered} packets` : undefined;
}

const judgeOnce = ({ samples, gaps }: Load): string | undefined => {
  const twice = gaps.indexOf(0);
  return twice < 0 ? undefined : `packet ${samples[twice]?.number} was sampled twice`;
};

/** A pool of exact multiples throughout is computed, not counted. Undecided at 1:1, where both agree. */
function judgeSynthetic({ stream }: Evidence): string[] | undefined {
  const flows = stream.flows.filter(({ sample }) => sample.samplingRate > 1);
  if (flows.length < 20) return undefined;
  const exact = flows.filter(({ sample }) => sample.samplePool === (sample.sequenceNumber * sample.samplingRate) >>> 0);
  return exact.length > flows.length / 2 ? [`${exact.length} of ${flows.length} pools are sequence times rate`] : [];
}

export const sampling: readonly Check[] = [
  check("C-01", "M", "the sampling rate is the configured one", ({ stream, expect: { samplingRate } }) =>
    eachOf(stream.flows, ({ name, sample: { samplingRate: rate, source } }) => {
      const configured = samplingRate.get(source.index);
      return (rate < 1 || configured !== rate) && `${name}: 1-in-${rate} at interface ${source.index}`;
    }),
  ),
  check("C-02", "M", "pools grow, by at least a packet a sample", ({ stream }) =>
    eachOf(bySource(stream.flows), ([before, after]) => {
      const packets = distance(before.sample.samplePool, after.sample.samplePool);
      const samples = distance(before.sample.sequenceNumber, after.sample.sequenceNumber);
      return packets < samples && `${after.name}: ${packets} packets for ${samples} samples`;
    }),
  ),
  check("C-03", "M", "drops never go back", ({ stream }) =>
    each(bySource(stream.flows), ([before, after]) => {
      const grown = distance(before.sample.drops, after.sample.drops);
      return grown < 0 && `${after.name}: drops went back by ${-grown}`;
    }),
  ),
  check(
    "C-04",
    "M",
    "as many samples as a fair draw gives",
    onLoad(2, ({ rate, count }) => count / rate >= 400, judgeCount),
  ),
  check(
    "C-05",
    "M",
    "gaps between samples vary",
    onLoad(
      50,
      ({ gaps }) => gaps.length >= 200,
      ({ gaps }) => {
        const kinds = new Set(gaps).size;
        return kinds < 20 ? `${kinds} different gaps` : undefined;
      },
    ),
  ),
  check(
    "C-06",
    "M",
    "the mean gap is the rate",
    onLoad(2, ({ gaps }) => gaps.length >= 200, judgeMean),
  ),
  check(
    "C-07",
    "M",
    "no phase of periodic traffic is preferred",
    onLoad(2, ({ samples }) => samples.length >= 200, judgePhases),
  ),
  check(
    "C-08",
    "M",
    "no gap is out of all proportion",
    onLoad(
      2,
      ({ gaps }) => gaps.length >= 200,
      ({ rate, gaps }) => {
        const longest = Math.max(...gaps);
        return longest > 15 * rate ? `a gap of ${longest}` : undefined;
      },
    ),
  ),
  check(
    "C-11",
    "Q",
    "the pool counts what was offered",
    onLoad(2, ({ gaps }) => gaps.length >= 200, judgePool),
  ),
  check(
    "C-12",
    "M",
    "no packet is sampled twice",
    onLoad(1, () => true, judgeOnce),
  ),
  check(
    "C-13",
    "M",
    "at 1:1 what is missing was counted as dropped",
    onLoad(
      1,
      ({ rate }) => rate === 1,
      ({ count, samples }) => {
        const drops = samples.at(-1)?.sample.drops ?? 0;
        return samples.length + drops < count ? `${samples.length} of ${count}, ${drops} dropped` : undefined;
      },
    ),
  ),
  check("C-36", "Q", "the pool is counted, not made up", judgeSynthetic),
];
