// A captured stream as checks read it: every datagram in order of arrival, and its samples by kind and by data
// source.

import { showAddress } from "../../agent/sflow/address.ts";
import { showDataSource } from "../../agent/sflow/data-source.ts";
import type {
  Datagram,
  DecodedCounter,
  DecodedCountersSample,
  DecodedDiscard,
  DecodedFlow,
  DecodedFlowSample,
  Problem,
} from "../../agent/sflow/decode/values.ts";
import { decodeDatagram } from "../../agent/sflow/decode.ts";
import { type Layout, layoutOf } from "./layout.ts";

export interface Captured {
  /** Arrival, in seconds of the UNIX epoch. */
  readonly time: number;
  readonly payload: Uint8Array;
  /** UDP source port, where it was recorded. */
  readonly sourcePort?: number;
}

export interface Seen extends Captured {
  /** `datagram 3`, from 0: the beginning of messages. */
  readonly name: string;
  readonly layout: Layout | undefined;
  readonly datagram: Datagram | undefined;
  readonly problems: readonly Problem[];
}

export type Opened = Seen & { readonly datagram: Datagram };

export interface Placed<S> {
  readonly seen: Opened;
  readonly sample: S;
  /** `datagram 3 samples[0]`. */
  readonly name: string;
  /** Agent, sub-agent and data source: `192.0.2.1/100000 0:3`. */
  readonly source: string;
}

export type PlacedFlow = Placed<DecodedFlowSample>;
export type PlacedCounters = Placed<DecodedCountersSample>;
export type PlacedDiscard = Placed<DecodedDiscard>;
export type PlacedRecord = Placed<unknown> & { readonly record: DecodedFlow | DecodedCounter };

export interface Stream {
  readonly seen: readonly Seen[];
  readonly opened: readonly Opened[];
  readonly flows: readonly PlacedFlow[];
  readonly counters: readonly PlacedCounters[];
  readonly discards: readonly PlacedDiscard[];
  /** All samples of the kind `name`. */
  readonly records: readonly PlacedRecord[];
}

export function openStream(captured: readonly Captured[]): Stream {
  const seen = captured.map((one, i): Seen => {
    const { datagram, problems } = decodeDatagram(one.payload);
    return { ...one, name: `datagram ${i}`, layout: layoutOf(one.payload), datagram, problems };
  });
  const opened = seen.filter((one): one is Opened => one.datagram !== undefined);
  const placed = opened.flatMap((one) =>
    one.datagram.samples.map((sample, i) => ({ seen: one, sample, name: `${one.name} samples[${i}]` })),
  );
  const of = <K extends "flow" | "counters" | "discard">(kind: K) =>
    placed.flatMap(({ sample, ...rest }) =>
      sample.kind === kind ? [{ ...rest, sample, source: sourceName(rest.seen, sample) }] : [],
    ) as unknown as Placed<Extract<(typeof placed)[number]["sample"], { kind: K }>>[];
  const flows = of("flow");
  const counters = of("counters");
  const discards = of("discard");
  return { seen, opened, flows, counters, discards, records: [...flows, ...counters, ...discards].flatMap(recordsIn) };
}

export const streamName = ({ datagram }: Opened): string =>
  `${showAddress(datagram.agentAddress)}/${datagram.subAgentId}`;

const sourceName = (seen: Opened, { source }: DecodedFlowSample | DecodedCountersSample | DecodedDiscard): string =>
  `${streamName(seen)} ${showDataSource(source)}`;

type AnySample = PlacedFlow | PlacedCounters | PlacedDiscard;

const recordsIn = (placed: AnySample): PlacedRecord[] =>
  placed.sample.records.map((record, i) => ({ ...placed, record, name: `${placed.name}.records[${i}]` }));

/** Computes a value once for each stream, however many checks ask for it. */
export function perStream<T>(make: (stream: Stream) => T): (stream: Stream) => T {
  const made = new WeakMap<Stream, T>();
  return (stream) => {
    const value = made.get(stream) ?? make(stream);
    made.set(stream, value);
    return value;
  };
}

/** In order of first appearance. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Pairs each item with the one before it in its group. */
export const successive = <T>(items: readonly T[], key: (item: T) => string): [before: T, after: T][] =>
  [...groupBy(items, key).values()].flatMap((group) =>
    group.slice(1).map((after, i): [T, T] => [group[i] as T, after]),
  );
