// Notifications of discarded packets: numbers, the rate limit, and the size limit.

import { expect, test } from "vitest";
import { interfaceSource } from "../../agent/sflow/data-source.ts";
import type { DecodedDiscard } from "../../agent/sflow/decode/values.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import { flowRecord } from "../../agent/sflow/record.ts";
import { extendedFunction } from "../../agent/sflow/records/flow/extended-function.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { makeBench } from "./agent-bench.ts";

const ALL = interfaceSource(0);
const header = (length: number) =>
  flowRecord(sampledHeader, { protocol: 1, frame_length: 1518, stripped: 4, header: new Uint8Array(length) });
const drop = (length = 64) => ({
  input: 2,
  output: 0,
  reason: 260,
  records: [flowRecord(extendedFunction, { symbol: "tcp_v4_rcv" }), header(length)],
});

test("sends ten notifications a second, and counts the others in the next notification", () => {
  const { agent, clock, sent } = makeBench();
  const notifier = agent.notifier(ALL);
  for (let i = 0; i < 15; i++) notifier.write(drop());
  clock.advance(0.1);
  notifier.write(drop());
  notifier.write(drop());
  clock.advance(0.1);
  const samples = sent.samples as DecodedDiscard[];
  expect(samples.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(samples.map(({ drops }) => drops)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
  expect(agent.counters).toMatchObject({ discardSamples: 11, discardsLimited: 6 });
});

test("keeps to any limit exactly over time", () => {
  const { agent, clock, sent } = makeBench();
  const notifier = agent.notifier(ALL);
  notifier.setLimit(15);
  for (let i = 0; i < 1000; i++) {
    notifier.write(drop());
    clock.advance(0.01);
  }
  expect(sent.samples.length).toBeGreaterThanOrEqual(15 * 10);
  expect(sent.samples.length).toBeLessThanOrEqual(15 * 11);
});

test("truncates a header and leaves out records to fit the datagram", () => {
  const { agent, clock, sent } = makeBench({ datagramBytes: 200 });
  agent.notifier(ALL).write(drop(256));
  clock.advance(0.1);
  expect(sent.sizes).toEqual([200]);
  const [sample] = sent.samples as DecodedDiscard[];
  expect(sample?.records.map(({ format }) => format)).toEqual([1]);
  expect(recordOf(sample?.records ?? [], sampledHeader)).toMatchObject({ frame_length: 1518 });
  expect(agent.counters).toMatchObject({ headersCut: 1, recordsLeftOut: 1 });
});

test("uses no sequence numbers without a collector", () => {
  const { agent, receiver, sent } = makeBench({ collector: false });
  const notifier = agent.notifier(ALL);
  notifier.write(drop());
  receiver.add(sent);
  notifier.write(drop());
  receiver.flush();
  expect(sent.samples).toMatchObject([{ sequenceNumber: 1, drops: 0, reason: 260, input: 2 }]);
  expect(agent.counters.discardSamplesSuppressed).toBe(1);
});
