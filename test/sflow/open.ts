// Decoded datagrams as tests look at them: the first sample, its records, and what was wrong.

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

/** The records of the first sample, and what was wrong. */
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
