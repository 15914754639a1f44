// Makes decoded datagrams from values, so that the tests need not encode bytes first.

import type { Datagram, DecodedCountersSample, DecodedFlowSample } from "../../../agent/sflow/decode/values.ts";
import { INTERNAL } from "../../../agent/sflow/port.ts";
import { type CounterRecord, type FlowRecord, flowRecord } from "../../../agent/sflow/record.ts";
import { sampledHeader } from "../../../agent/sflow/records/flow/sampled-header.ts";

const item = (format: number) => ({ format, length: 0, at: 0, bytes: new Uint8Array(0) });

const decoded = <R extends FlowRecord | CounterRecord>(records: readonly R[]) =>
  records.map((content) => ({ ...item(content.type.format), content }));

export function counters(source: string, records: readonly CounterRecord[]): DecodedCountersSample {
  const [cls = 0, index = 0] = source.split(":").map(Number);
  return {
    ...item(4),
    kind: "counters",
    expanded: true,
    sequenceNumber: 1,
    source: { class: cls, index },
    recordCount: records.length,
    records: decoded(records),
  };
}

/** Makes the sample of a packet received on interface 2. `header` is in hex digits, with any blanks. */
export function received(
  protocol: number,
  header: string,
  samplingRate = 10,
  ...more: FlowRecord[]
): DecodedFlowSample {
  const bytes = Uint8Array.from(Buffer.from(header.replaceAll(" ", ""), "hex"));
  const value = { protocol, frame_length: 1518, stripped: 4, header: bytes };
  return {
    ...item(3),
    kind: "flow",
    expanded: true,
    sequenceNumber: 1,
    source: { class: 0, index: 2 },
    samplingRate,
    samplePool: samplingRate,
    drops: 0,
    input: { format: 0, value: 2 },
    output: { format: 0, value: INTERNAL },
    recordCount: 1 + more.length,
    records: decoded([flowRecord(sampledHeader, value), ...more]),
  };
}

export const datagram = (uptime: number, ...samples: Datagram["samples"]): Datagram => ({
  version: 5,
  agentAddress: Uint8Array.of(192, 0, 2, 1),
  subAgentId: 100_000,
  sequenceNumber: 1,
  uptime,
  sampleCount: samples.length,
  samples,
});
