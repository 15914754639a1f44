// Decodes a datagram and returns parts of it: the first sample, its records, and the problems.

import type { Datagram, DecodedSample, Problem } from "../../agent/sflow/decode/values.ts";
import { decodeDatagram } from "../../agent/sflow/decode.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { type Bytes, countersSample, datagram, flowSample, record } from "./build.ts";

export interface Opened {
  readonly value: Datagram;
  readonly problems: readonly Problem[];
  readonly samples: readonly DecodedSample[];
}

export function open(bytes: Bytes): Opened {
  const { datagram: value, problems } = decodeDatagram(bytes);
  if (value === undefined) throw new Error(`refused: ${problems[0]?.message}`);
  return { value, problems, samples: value.samples };
}

/** Returns the records of the first sample, and the problems. */
export function recordsOf(bytes: Bytes) {
  const { samples, problems } = open(bytes);
  const [first] = samples;
  if (first === undefined || !("records" in first)) throw new Error(`no records: ${problems[0]?.message}`);
  return { records: first.records, problems };
}

export const inCounters = (...records: Bytes[]) => recordsOf(datagram([countersSample(records)]));
export const inFlow = (...records: Bytes[]) => recordsOf(datagram([flowSample(records)]));

export const name = (value: string): Bytes => record(portName, { name: value });
export const names = (bytes: Bytes): (string | undefined)[] =>
  recordsOf(bytes).records.map(({ content }) => (content?.value as { name?: string } | undefined)?.name);
