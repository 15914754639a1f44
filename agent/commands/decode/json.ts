// A datagram as one line of JSON: the nesting and the keys of `sflowtool -j`, with numbers as numbers and unknown as
// null.

import type { Problem } from "../../sflow/decode/values.ts";
import type { Json, Pair } from "./pair.ts";
import type { Tree } from "./tree.ts";

export function jsonLine({ head, samples }: Tree, problems: readonly Problem[]): string {
  const nested = samples.map((sample) => ({ ...members(sample.head), elements: sample.elements.map(members) }));
  return JSON.stringify({ ...members(head), samples: nested, ...problemList(problems) });
}

/** For a datagram whose header could not be read: what is known of it, and why. */
export const refusedLine = (head: readonly Pair[], problems: readonly Problem[]): string =>
  JSON.stringify({ ...members(head), ...problemList(problems) });

const problemList = (problems: readonly Problem[]): { problems?: Json } =>
  problems.length === 0 ? {} : { problems: problems.map(({ path, message }) => ({ path, message })) };

/** Of two facts with one key, which a sender can bring about, the last stays. */
const members = (pairs: readonly Pair[]): Record<string, Json> =>
  Object.fromEntries(pairs.flatMap(({ key, json }) => (json === undefined ? [] : [[key, json]])));
