// Compact samples, against datagrams that are built from the specification.

import { describe, expect, it } from "vitest";
import type { DatagramBatch } from "../../agent/sflow/collector.ts";
import { CompactDatagrams } from "../../agent/sflow/compact.ts";
import { counterRecord } from "../../agent/sflow/record.ts";
import { counterTypes, flowTypes } from "../../agent/sflow/records/catalog.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { type Random, seededRandom } from "../seeded-random.ts";
import { makeBench } from "./agent-bench.ts";
import * as build from "./build.ts";
import { randomValue } from "./random-value.ts";
import { readCompact } from "./strict-compact.ts";

const ROUTER = build.u32(2, 0x2001_0db8, 0, 0, 1);

function batchOf(datagrams: readonly Uint8Array[]): DatagramBatch {
  const lengths = Uint32Array.from(datagrams, ({ length }) => length);
  const offsets = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
  return { count: datagrams.length, bytes: build.join(...datagrams), offsets, lengths };
}

const compact = (datagrams: readonly Uint8Array[]) => {
  const batch = batchOf(datagrams);
  const { bytes, offsets, lengths, count, leftOut } = new CompactDatagrams(batch).take(batch);
  const at = (i: number) => offsets[i] as number;
  return {
    leftOut,
    datagrams: Array.from({ length: count }, (_, i) => bytes.slice(at(i), at(i) + (lengths[i] as number))),
  };
};

const records = (types: typeof flowTypes | typeof counterTypes, random: Random): Uint8Array[] =>
  Array.from({ length: random.below(4) }, () => {
    const type = random.pick<(typeof types)[number]>(types);
    return build.record(type, randomValue(type, random));
  });

/** Returns one random sample in both forms. */
function bothForms(random: Random): readonly [expanded: Uint8Array, compact: Uint8Array] {
  const head = {
    sequence: random.uint32(),
    source: [random.pick([0, 2, 3]), random.pick([0, 1, 0xff_ffff])] as const,
    rate: random.uint32(),
    pool: random.uint32(),
    drops: random.uint32(),
    input: [0, random.pick([0, 7, 0x3fff_ffff])] as const,
    output: [random.below(3), random.pick([0, 258, 0x3fff_ffff])] as const,
  };
  if (random.below(2) === 0) {
    const all = records(flowTypes, random);
    return [build.flowSample(all, head), build.compactFlowSample(all, head)];
  }
  const all = records(counterTypes, random);
  return [build.countersSample(all, head), build.compactCountersSample(all, head)];
}

describe("compact samples", () => {
  it("equal the specification in 10,000 datagrams of every type of record", () => {
    const random = seededRandom(9);
    const seen = new Set<number>();
    for (let round = 0; round < 1000; round++) {
      const pairs = Array.from({ length: 10 }, (_, i) => {
        const samples = Array.from({ length: random.below(6) }, () => bothForms(random));
        const head = { sequence: i, agent: random.pick([ROUTER, build.u32(1, 0xc000_0201)]) };
        return [0, 1].map((form) =>
          build.datagram(
            samples.map((both) => both[form] as Uint8Array),
            head,
          ),
        ) as [Uint8Array, Uint8Array];
      });
      const made = compact(pairs.map(([expanded]) => expanded));
      expect(made.leftOut).toBe(0);
      for (const [i, datagram] of made.datagrams.entries()) {
        if (!Buffer.from(datagram).equals(pairs[i]?.[1] as Uint8Array)) expect(datagram).toEqual(pairs[i]?.[1]);
        for (const sample of readCompact(datagram).samples)
          for (const format of sample.records.keys()) seen.add(format);
      }
    }
    for (const { format } of [...flowTypes, ...counterTypes]) expect(seen).toContain(format);
  });

  it("leave out what they cannot express, and keep the datagram with its number", () => {
    const [plain, plainCompact] = [build.countersSample([]), build.compactCountersSample([])];
    const tooLarge = [
      build.countersSample([], { source: [0, 0x100_0000] }),
      build.flowSample([], { source: [0, 0x100_0000] }),
      build.flowSample([], { input: [0, 0x4000_0000] }),
      build.flowSample([], { output: [0, 0x7fff_ffff] }),
      build.countersSample([], { source: [256, 1] }),
      build.discardSample([]),
    ];
    const made = compact([build.datagram([...tooLarge, plain]), build.datagram(tooLarge, { sequence: 2 })]);
    expect(made.datagrams).toEqual([build.datagram([plainCompact]), build.datagram([], { sequence: 2 })]);
    expect(made.leftOut).toBe(12);
  });

  it("reach the collectors that want them, from one encoding, under the same numbers", () => {
    const bench = makeBench();
    const seen: DatagramBatch[] = [];
    const copies: Uint8Array[] = [];
    for (let i = 0; i < 2; i++)
      bench.receiver.add({
        form: "compact",
        send: (batch) => {
          seen.push(batch);
          const at = batch.offsets[0] as number;
          copies.push(batch.bytes.slice(at, at + (batch.lengths[0] as number)));
        },
      });
    for (let second = 1; second <= 2; second++) {
      bench.agent
        .poller({ class: 0, index: second })
        .contribute((into) => into.push(counterRecord(portName, { name: "a" })));
      bench.clock.advance(31);
    }
    const sequences = copies.map((copy) => readCompact(copy).sequence);
    expect(sequences.slice(0, 2)).toEqual([sequences[0], sequences[0]]);
    expect(new Set(seen).size).toBe(1);
    expect(bench.sent.datagrams.length * 2).toBe(copies.length);
  });
});
