// Decodes mutated datagrams: none may throw or take long. The unit suite has a short run, e2e a long one.

import type { Decoded } from "../../agent/sflow/decode/values.ts";
import { decodeDatagram } from "../../agent/sflow/decode.ts";
import { counterTypes, flowTypes } from "../../agent/sflow/records/catalog.ts";
import { type Random, seededRandom } from "../seeded-random.ts";
import {
  body,
  compactCountersSample,
  compactFlowSample,
  countersSample,
  datagram,
  discardSample,
  flowSample,
  item,
} from "./build.ts";
import { mutate } from "./mutate.ts";
import { randomValue } from "./random-value.ts";
import { vectorBytes } from "./vectors.ts";

/**
 * The originals: the four vectors, and datagrams with random records, so that each record of the catalog is mutated.
 */
export function originals(random: Random): Uint8Array[] {
  const flows = flowTypes.map((type) => item(type.format, body(type, randomValue(type, random))));
  const counters = counterTypes.map((type) => item(type.format, body(type, randomValue(type, random))));
  const some = (of: Uint8Array[]): Uint8Array[] => Array.from({ length: 1 + random.below(3) }, () => random.pick(of));
  const samples = [
    () => flowSample(some(flows)),
    () => countersSample(some(counters)),
    () => discardSample(some(flows)),
    () => compactFlowSample(some(flows)),
    () => compactCountersSample(some(counters)),
  ];
  const made = Array.from({ length: 150 }, (_, i) =>
    datagram(Array.from({ length: i % 8 === 0 ? 3 : 1 }, () => random.pick(samples)())),
  );
  return [...vectorBytes, ...made];
}

export interface FuzzReport {
  readonly count: number;
  /** The numbers of datagrams without a problem, with a problem, and not decoded at all. */
  readonly whole: number;
  readonly damaged: number;
  readonly refused: number;
  readonly slowestMilliseconds: number;
}

const SLOW_MILLISECONDS = 10;

/** Decodes `count` mutated datagrams. An exception carries the seed and the bytes. */
export function fuzz(seed: number, count: number): FuzzReport {
  const random = seededRandom(seed);
  const from = originals(random);
  const report = { count, whole: 0, damaged: 0, refused: 0, slowestMilliseconds: 0 };
  for (let i = 0; i < count; i++) {
    const bytes = mutate(from, random);
    const { decoded, milliseconds } = timed(bytes, seed);
    const { datagram: value, problems } = decoded;
    report.slowestMilliseconds = Math.max(report.slowestMilliseconds, milliseconds);
    if (value === undefined) report.refused++;
    else if (problems.length > 0) report.damaged++;
    else report.whole++;
  }
  return report;
}

/**
 * Decodes a slow datagram again. A pause of the machine does not repeat, so the shortest time is that of the decoder.
 */
function timed(bytes: Uint8Array, seed: number, attempts = 5): { decoded: Decoded; milliseconds: number } {
  const start = performance.now();
  const decoded = decodeOrTell(bytes, seed);
  const milliseconds = performance.now() - start;
  if (milliseconds < SLOW_MILLISECONDS || attempts === 1) return { decoded, milliseconds };
  return timed(bytes, seed, attempts - 1);
}

function decodeOrTell(bytes: Uint8Array, seed: number) {
  try {
    return decodeDatagram(bytes);
  } catch (error) {
    throw new Error(`seed ${seed}: ${Buffer.from(bytes).toString("hex")}`, { cause: error });
  }
}
