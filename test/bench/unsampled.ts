// What a packet costs that passes a tap and is no sample, above the bare path through a veth: minimum and median of
// seven rounds, by engine and direction.

import { start } from "../e2e/child.ts";
import { until } from "../e2e/command.ts";
import type { Bed } from "./bed.ts";

export interface Nanoseconds {
  readonly minimum: number;
  readonly median: number;
}

export interface Unsampled {
  readonly sampling: number;
  readonly rows: readonly (Nanoseconds & { readonly direction: string; readonly engine: string })[];
}

const SAMPLING = 1000;
const FRAMES = 200_000;

const summary = (values: readonly number[]): Nanoseconds => {
  const sorted = values.toSorted((a, b) => a - b);
  return { minimum: sorted[0] ?? Number.NaN, median: sorted[sorted.length >>> 1] ?? Number.NaN };
};

/** The bare path itself, and the engines less the bare path of the same round. */
function rowsOf(direction: string, rounds: Readonly<Record<string, readonly number[]>>): Unsampled["rows"] {
  const { bare = [], ...engines } = rounds;
  const above = (values: readonly number[]): number[] => values.map((value, i) => value - (bare[i] ?? Number.NaN));
  return [
    { direction, engine: "bare", ...summary(bare) },
    ...Object.entries(engines).map(([engine, values]) => ({ direction, engine, ...summary(above(values)) })),
  ];
}

export async function benchUnsampled(bed: Bed): Promise<Unsampled> {
  const ends = ["eth0", bed.cable.index, bed.far.path, bed.peer.index];
  const words = [process.execPath, "dist/bench-unsampled.js", SAMPLING, FRAMES, ...ends].map(String);
  const child = start(bed.host, words);
  await until("unsampled packets", () => child.ended(), { seconds: 120, evidence: child.stderr });
  const [, said] = await child.says(/measured (.*)\n/);
  const measured = JSON.parse(said ?? "{}") as Record<string, Record<string, number[]>>;
  return {
    sampling: SAMPLING,
    rows: Object.entries(measured).flatMap(([direction, rounds]) => rowsOf(direction, rounds)),
  };
}
