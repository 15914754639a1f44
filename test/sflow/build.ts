// Builds valid and invalid datagrams from parts: each count, length and tag can be false. See sFlow v5, section 5.

import { Cursor } from "../../agent/xdr/cursor.ts";
import type { Type } from "../../agent/xdr/type.ts";

export type Bytes = Uint8Array;

export const u32 = (...values: number[]): Bytes => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) view.setUint32(4 * i, value);
  return new Uint8Array(view.buffer);
};

export const join = (...parts: Bytes[]): Bytes => new Uint8Array(Buffer.concat(parts));

export const text = (value: string): Bytes => {
  const bytes = new TextEncoder().encode(value);
  return join(u32(bytes.length), padded(bytes));
};

const padded = (bytes: Bytes): Bytes => join(bytes, new Uint8Array(-bytes.length & 3));

/** Builds an item: tag, length, body. The default of the length is the length of the body. */
export const item = (format: number, body: Bytes, length = body.length): Bytes =>
  join(u32(format, length), padded(body));

export const list = (items: readonly Bytes[], count = items.length): Bytes => join(u32(count), ...items);

export interface Head {
  readonly version: number;
  readonly agent: Bytes;
  readonly subAgentId: number;
  readonly sequence: number;
  readonly uptime: number;
  readonly count: number;
}

const AGENT = u32(1, 0xc0000201);

export function datagram(samples: readonly Bytes[], head: Partial<Head> = {}): Bytes {
  const { version = 5, agent = AGENT, subAgentId = 0, sequence = 1, uptime = 1000, count } = head;
  return join(u32(version), agent, u32(subAgentId, sequence, uptime), list(samples, count));
}

export interface SampleHead {
  readonly sequence: number;
  readonly source: readonly [number, number];
  readonly rate: number;
  readonly pool: number;
  readonly drops: number;
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly reason: number;
  readonly count: number;
}

const sampleHead: SampleHead = {
  sequence: 1,
  source: [0, 3],
  rate: 400,
  pool: 400,
  drops: 0,
  input: [0, 3],
  output: [0, 0x3fff_ffff],
  reason: 3,
  count: -1,
};

const packed = ([high, low]: readonly [number, number], shift: number): number => ((high << shift) | low) >>> 0;
const counted = (records: readonly Bytes[], count: number): Bytes => list(records, count < 0 ? records.length : count);

export function flowSample(records: readonly Bytes[], head: Partial<SampleHead> = {}): Bytes {
  const { sequence, source, rate, pool, drops, input, output, count } = { ...sampleHead, ...head };
  return item(3, join(u32(sequence, ...source, rate, pool, drops, ...input, ...output), counted(records, count)));
}

export function compactFlowSample(records: readonly Bytes[], head: Partial<SampleHead> = {}): Bytes {
  const { sequence, source, rate, pool, drops, input, output, count } = { ...sampleHead, ...head };
  const fixed = u32(sequence, packed(source, 24), rate, pool, drops, packed(input, 30), packed(output, 30));
  return item(1, join(fixed, counted(records, count)));
}

export function countersSample(records: readonly Bytes[], head: Partial<SampleHead> = {}): Bytes {
  const { sequence, source, count } = { ...sampleHead, ...head };
  return item(4, join(u32(sequence, ...source), counted(records, count)));
}

export function compactCountersSample(records: readonly Bytes[], head: Partial<SampleHead> = {}): Bytes {
  const { sequence, source, count } = { ...sampleHead, ...head };
  return item(2, join(u32(sequence, packed(source, 24)), counted(records, count)));
}

export function discardSample(records: readonly Bytes[], head: Partial<SampleHead> = {}): Bytes {
  const { sequence, source, drops, input, output, reason, count } = { ...sampleHead, ...head };
  return item(5, join(u32(sequence, ...source, drops, input[1], output[1], reason), counted(records, count)));
}

/** Encodes a record by its table. */
export function body<T>(type: Type<T>, value: T): Bytes {
  const cursor = new Cursor(new Uint8Array(8192));
  type.put(cursor, value);
  return cursor.bytes.slice(0, cursor.at);
}

export const record = <T>(type: Type<T> & { readonly format: number }, value: T): Bytes =>
  item(type.format, body(type, value));
