// Makes batches of sampled packets for tests, with default values in the columns.

import type { FlowRecord } from "../../agent/sflow/record.ts";
import type { SampledPackets } from "../../agent/sflow/sampled-packets.ts";

export interface Packet {
  readonly header: Uint8Array;
  readonly protocol: number;
  readonly frameLength: number;
  readonly stripped: number;
  readonly input: number;
  readonly output: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly records: FlowRecord[] | undefined;
}

const ordinary: Packet = {
  header: Uint8Array.from({ length: 64 }, (_, i) => i),
  protocol: 1,
  frameLength: 68,
  stripped: 4,
  input: 3,
  output: 0x3fff_ffff,
  seconds: 0,
  nanoseconds: 0,
  records: undefined,
};

/** Makes a batch. `gap` bytes between the headers and `shift` bytes before the first allow to test any alignment. */
export function packets(
  list: readonly Partial<Packet>[],
  { samplingRate = 400, drops = 0, gap = 0, shift = 0 } = {},
): SampledPackets {
  const all = list.map((packet) => ({ ...ordinary, ...packet }));
  const column = (value: (packet: Packet) => number) => Uint32Array.from(all, value);
  let end = gap;
  const offset = all.map(({ header }) => {
    const at = end;
    end += header.length + gap;
    return at;
  });
  const bytes = new Uint8Array(shift + end).fill(0xee).subarray(shift);
  for (const [i, { header }] of all.entries()) bytes.set(header, offset[i]);
  return {
    count: all.length,
    samplingRate,
    drops,
    bytes,
    offset: Uint32Array.from(offset),
    headerLength: column(({ header }) => header.length),
    headerProtocol: column(({ protocol }) => protocol),
    frameLength: column(({ frameLength }) => frameLength),
    stripped: column(({ stripped }) => stripped),
    input: column(({ input }) => input),
    output: column(({ output }) => output),
    seconds: column(({ seconds }) => seconds),
    nanoseconds: column(({ nanoseconds }) => nanoseconds),
    records: all.map(({ records }) => records),
  };
}

export const many = (count: number, packet: Partial<Packet> = {}, options = {}): SampledPackets =>
  packets(
    Array.from({ length: count }, () => packet),
    options,
  );
