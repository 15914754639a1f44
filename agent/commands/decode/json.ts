// Formats a datagram as one line of JSON, with the nesting and keys of `sflowtool -j`. Unlike there, numbers are JSON
// numbers, and an unknown value is null.

import type { Problem } from "../../sflow/decode/values.ts";
import type { Json, Pair } from "./pair.ts";
import type { Tree } from "./tree.ts";

export function jsonLine({ head, samples }: Tree, problems: readonly Problem[]): string {
  const nested = samples.map((sample) => ({ ...members(sample.head), elements: sample.elements.map(members) }));
  return JSON.stringify({ ...members(head), samples: nested, ...problemList(problems) });
}

/** Formats a datagram whose header could not be decoded, with the reason. */
export const refusedLine = (head: readonly Pair[], problems: readonly Problem[]): string =>
  JSON.stringify({ ...members(head), ...problemList(problems) });

const problemList = (problems: readonly Problem[]): { problems?: Json } =>
  problems.length === 0 ? {} : { problems: problems.map(({ path, message }) => ({ path, message })) };

/** Makes an object of the pairs. If a sender repeats a key, the last value is used. */
const members = (pairs: readonly Pair[]): Record<string, Json> =>
  Object.fromEntries(pairs.flatMap(({ key, json }) => (json === undefined ? [] : [[key, json]])));
