// D, timing: no sample is held for more than a second, polls keep their interval, and sources are spread over it.

import { distance } from "../../agent/sflow/continuity.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import { extendedTimestamp } from "../../agent/sflow/records/flow/extended-timestamp.ts";
import { type Check, check, type Evidence, eachOf } from "./check.ts";
import { groupBy, type PlacedCounters, successive } from "./stream.ts";

/** Arrivals of the counter samples, by source. */
const arrivals = ({ stream }: Evidence): [source: string, times: number[]][] =>
  [...groupBy(stream.counters, ({ source }) => source)].map(([source, samples]) => [
    source,
    samples.map(({ seen }) => seen.time),
  ]);

const pairs = ({ stream }: Evidence): [PlacedCounters, PlacedCounters][] =>
  successive(stream.counters, ({ source }) => source);

function spread(evidence: Evidence): string[] | undefined {
  const firsts = arrivals(evidence).map(([, times]) => times[0] ?? 0);
  if (firsts.length < 8 || evidence.expect.polling < 20) return undefined;
  const seconds = groupBy(firsts, (time) => `${Math.floor(time)}`);
  const most = Math.max(...[...seconds.values()].map((group) => group.length));
  return most > firsts.length / 2 ? [`${most} of ${firsts.length} sources in one second`] : [];
}

/** Seconds by which the mean interval is off, over at least 5 intervals. */
function drift(evidence: Evidence): string[] | undefined {
  const { polling } = evidence.expect;
  const long = arrivals(evidence).filter(([, times]) => times.length > 5);
  if (polling === 0) return undefined;
  return eachOf(long, ([source, times]) => {
    const mean = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
    return Math.abs(mean - polling) > 0.1 + 1 / times.length && `${source}: every ${mean.toFixed(3)} s`;
  });
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/**
 * How far the time of sending, by uptime, differs from the time of arrival: on one machine it must not. A tenth of
 * the datagrams may differ, for the receiver that stamps arrivals is a process like others, and waits for the
 * processor.
 */
function residuals({ stream }: Evidence): string[] | undefined {
  const [first] = stream.opened;
  if (first === undefined) return undefined;
  const offsets = stream.opened.map(
    ({ time, datagram }) => (time - first.time) * 1000 - distance(first.datagram.uptime, datagram.uptime),
  );
  const middle = median(offsets);
  const off = offsets.map((offset) => Math.abs(offset - middle));
  const late = off.filter((milliseconds) => milliseconds > 50).length;
  return late > offsets.length / 10
    ? [`${late} of ${offsets.length} datagrams, by up to ${Math.max(...off).toFixed(0)} ms`]
    : [];
}

const BUSY = 200;

function filling({ stream, expect: { datagramBytes } }: Evidence): string[] | undefined {
  const seconds = [...groupBy(stream.opened, ({ time }) => `${Math.floor(time)}`).values()];
  const busy = seconds.filter((group) => group.reduce((sum, { datagram }) => sum + datagram.samples.length, 0) > BUSY);
  const sizes = busy.flat().map(({ payload }) => payload.length);
  if (sizes.length === 0) return undefined;
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return mean < 0.6 * datagramBytes ? [`${mean.toFixed(0)} bytes on average`] : [];
}

export const timing: readonly Check[] = [
  check("D-01", "M", "a packet is exported within a second", ({ stream }) => {
    const stamped = stream.flows.flatMap((flow) => {
      const stamp = recordOf(flow.sample.records, extendedTimestamp);
      return stamp === undefined ? [] : [{ ...flow, age: flow.seen.time - Number(stamp.nanoseconds) / 1e9 }];
    });
    return eachOf(stamped, ({ name, age }) => age > 1.1 && `${name}: after ${age.toFixed(3)} s`);
  }),
  check("D-03", "M", "no source is silent for longer than its interval", (evidence) => {
    const { polling } = evidence.expect;
    if (polling === 0) return undefined;
    return eachOf(pairs(evidence), ([before, after]) => {
      const gap = after.seen.time - before.seen.time;
      return gap > polling + 1.1 && `${after.name} ${after.source}: after ${gap.toFixed(2)} s`;
    });
  }),
  check("D-04", "S", "no source is polled much more often than asked", (evidence) =>
    eachOf(
      arrivals(evidence).filter(([, times]) => times.length > 2),
      ([source, times]) => {
        const mean = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
        return mean < 0.5 * evidence.expect.polling && `${source}: every ${mean.toFixed(2)} s`;
      },
    ),
  ),
  check("D-05", "S", "sources are not polled in step", spread),
  check("D-07", "S", "the first counters come within an interval of the start", (evidence) => {
    const { started, polling } = evidence.expect;
    if (started === undefined || polling === 0) return undefined;
    return eachOf(
      arrivals(evidence),
      ([source, [first = 0]]) =>
        first - started > polling + 1.1 && `${source}: ${(first - started).toFixed(1)} s after the start`,
    );
  }),
  check("D-08", "S", "polls do not drift", drift),
  check("D-10", "M", "uptime is taken when a datagram is sent", residuals),
  check("D-11", "S", "datagrams are filled under load", filling),
];
