// Formats a datagram as lines of `key value`, as sflowtool does.

import type { Pair } from "./pair.ts";
import type { Tree } from "./tree.ts";

const START = "startDatagram =================================";
const END = "endDatagram   =================================";
const START_SAMPLE = "startSample ----------------------";
const END_SAMPLE = "endSample   ----------------------";

export function textLines({ head, samples }: Tree): string[] {
  return [
    START,
    ...lines(head),
    ...samples.flatMap((sample) => [
      START_SAMPLE,
      ...lines(sample.head),
      ...sample.elements.flatMap(lines),
      END_SAMPLE,
    ]),
    END,
  ];
}

const lines = (pairs: readonly Pair[]): string[] =>
  pairs.flatMap(({ key, text }) => (text === undefined ? [] : [`${key} ${text}`]));
