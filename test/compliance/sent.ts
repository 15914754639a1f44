// Streams of a few datagrams with one fault each.

import { type Bytes, countersSample, datagram } from "../sflow/build.ts";
import { checks } from "./all.ts";
import { runChecks } from "./check.ts";
import type { Expectation } from "./expectation.ts";
import { counters, expectation, flow, START } from "./good.ts";
import { type Captured, openStream } from "./stream.ts";

export interface Sent {
  readonly at: number;
  readonly samples: readonly Bytes[];
  readonly head?: Parameters<typeof datagram>[1];
}

/** Datagrams at seconds after the start. Numbers and uptime are right unless the head overrides them. */
export const sent = (...datagrams: Sent[]): Captured[] =>
  datagrams.map(({ at, samples, head }, i) => ({
    time: START + at,
    payload: datagram(samples, { sequence: i + 1, uptime: 5000 + Math.round(at * 1000), ...head }),
  }));

/** Returns the ids of the findings of one letter's checks. */
export function found(letter: string, captured: readonly Captured[], changed: Partial<Expectation> = {}): string[] {
  const mine = checks.filter(({ id }) => id.startsWith(letter));
  const { findings } = runChecks(mine, { stream: openStream(captured), expect: { ...expectation, ...changed } });
  return findings.map(({ id }) => id);
}

export const one = (number: number, head = {}): Bytes[] => [
  flow(number, START, { sequence: number, pool: number * 100, ...head }),
];
export const poll = (sequence: number, source: [number, number] = [0, 3]): Bytes[] => [
  countersSample(counters(sequence).port, { sequence, source }),
];
