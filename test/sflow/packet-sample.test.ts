// Compares the hand-written encoder with the tables, byte for byte, on random packets.

import { expect, test } from "vitest";
import { type FlowRecord, flowRecord, wordsType } from "../../agent/sflow/record.ts";
import { flowTypes } from "../../agent/sflow/records/catalog.ts";
import { extendedTcpInfo } from "../../agent/sflow/records/flow/extended-tcp-info.ts";
import { extendedTimestamp } from "../../agent/sflow/records/flow/extended-timestamp.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { byFormat, putFlowSample } from "../../agent/sflow/sample.ts";
import { Cursor } from "../../agent/xdr/cursor.ts";
import { type Random, seededRandom } from "../seeded-random.ts";
import { makeBench } from "./agent-bench.ts";
import { type Packet, packets } from "./packets.ts";
import { randomValue } from "./random-value.ts";
import { toHex } from "./vectors.ts";

const annotations = flowTypes.filter(({ format }) => format > 4 && format !== extendedTimestamp.format);

const word = (random: Random): number =>
  random.below(3) === 0 ? random.pick([0, 1, 0xffff, 0xffff_ffff]) : random.uint32();

function randomRecords(random: Random): FlowRecord[] | undefined {
  if (random.below(2) === 0) return undefined;
  if (random.below(4) === 0)
    return [
      flowRecord(
        wordsType(extendedTcpInfo),
        Uint32Array.from({ length: 12 }, () => word(random)),
      ),
    ];
  return Array.from({ length: random.below(4) }, () => {
    const type = random.pick(annotations);
    return flowRecord(type, randomValue(type, random));
  });
}

const randomPacket = (random: Random): Packet => ({
  header: random.bytes(random.below(257)),
  protocol: random.pick([1, 11, 12]),
  frameLength: word(random),
  stripped: word(random),
  input: word(random),
  output: word(random),
  seconds: random.below(2) === 0 ? 0 : word(random),
  nanoseconds: random.below(1_000_000_000),
  records: randomRecords(random),
});

interface Numbers {
  readonly sequence: number;
  readonly pool: number;
  readonly drops: number;
  readonly rate: number;
}

/** Encodes a sample by the tables. */
function expected(packet: Packet, { sequence, pool, drops, rate }: Numbers): Uint8Array {
  const header = flowRecord(sampledHeader, {
    protocol: packet.protocol,
    frame_length: packet.frameLength,
    stripped: packet.stripped,
    header: packet.header,
  });
  const nanoseconds = BigInt(packet.seconds) * 1_000_000_000n + BigInt(packet.nanoseconds);
  const stamp = packet.seconds === 0 ? [] : [flowRecord(extendedTimestamp, { nanoseconds })];
  const cursor = new Cursor(new Uint8Array(65_536));
  putFlowSample(cursor, {
    sequence_number: sequence,
    source_id: { class: 0, index: 7 },
    sampling_rate: rate,
    sample_pool: pool,
    drops,
    input: { format: 0, value: packet.input },
    output: { format: 0, value: packet.output },
    flow_records: [header, ...stamp, ...(packet.records ?? [])].sort(byFormat),
  });
  return cursor.bytes.slice(0, cursor.at);
}

test("the hand-written encoder agrees with the tables", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const list = Array.from({ length: 10 }, () => randomPacket(random));
    const [rate, drops] = [word(random), word(random)];
    const { agent, receiver, sent, failures } = makeBench({ datagramBytes: 8192 });
    agent
      .sampler({ class: 0, index: 7 })
      .write(packets(list, { samplingRate: rate, drops, gap: random.below(5), shift: random.below(3) }));
    receiver.flush();
    expect(failures).toEqual([]);
    const samples = sent.bytes.map((bytes) => toHex(bytes.subarray(28))).join("");
    const truth = list.map((packet, i) => {
      const pool = Number(BigInt.asUintN(32, BigInt(rate) * (BigInt(drops) + BigInt(i + 1))));
      return toHex(expected(packet, { sequence: i + 1, pool, drops, rate }));
    });
    expect(samples, `seed ${seed}`).toBe(truth.join(""));
  }
});
