// Encodes decoded values again, for round trips. See sFlow v5, section 5.

import { address } from "../../agent/sflow/address.ts";
import { type CustomField, customFlowTypes, metricTypes } from "../../agent/sflow/custom-types.ts";
import type { Datagram, DecodedCounter, DecodedFlow, DecodedSample } from "../../agent/sflow/decode/values.ts";
import * as build from "./build.ts";

export const encodeDatagram = (value: Datagram): Uint8Array =>
  build.datagram(value.samples.map(encodeSample), {
    agent: build.body(address, value.agentAddress),
    subAgentId: value.subAgentId,
    sequence: value.sequenceNumber,
    uptime: value.uptime,
  });

/** Keeps the bytes that a later revision appended after the known fields. */
function encodeRecord({ format, bytes, content }: DecodedFlow | DecodedCounter): Uint8Array {
  if (content === undefined) return build.item(format, bytes);
  const known = build.body(content.type, content.value);
  return build.item(format, build.join(known, bytes.subarray(known.length)));
}

function encodeSample(sample: DecodedSample): Uint8Array {
  if (sample.kind === "opaque") return build.item(sample.format, sample.bytes);
  if (sample.kind === "metrics") return encodeMetrics(sample.format, sample.dataSource, [], sample.fields, metricTypes);
  if (sample.kind === "custom flow") {
    const { format, dataSource, samplingRate, samplePool, fields } = sample;
    return encodeMetrics(format, dataSource, [samplingRate, samplePool], fields, customFlowTypes);
  }
  return encodeStandard(sample);
}

function encodeStandard(sample: Extract<DecodedSample, { kind: "flow" | "counters" | "discard" }>): Uint8Array {
  const records = sample.records.map(encodeRecord);
  const source = [sample.source.class, sample.source.index] as const;
  const head = { sequence: sample.sequenceNumber, source };
  if (sample.kind === "counters") {
    return sample.expanded ? build.countersSample(records, head) : build.compactCountersSample(records, head);
  }
  if (sample.kind === "discard") {
    const { drops, reason } = sample;
    return build.discardSample(records, {
      ...head,
      drops,
      reason,
      input: [0, sample.input],
      output: [0, sample.output],
    });
  }
  const { samplingRate: rate, samplePool: pool, drops } = sample;
  const input = [sample.input.format, sample.input.value] as const;
  const output = [sample.output.format, sample.output.value] as const;
  const flow = { ...head, rate, pool, drops, input, output };
  return sample.expanded ? build.flowSample(records, flow) : build.compactFlowSample(records, flow);
}

function encodeMetrics(
  format: number,
  dataSource: string,
  words: number[],
  fields: readonly CustomField[],
  types: typeof metricTypes,
): Uint8Array {
  const encoded = fields.map(({ name, type, value }) => {
    const codec = types[type]?.codec;
    return build.join(build.text(name), build.u32(type), codec ? build.body(codec, value) : new Uint8Array(0));
  });
  return build.item(format, build.join(build.text(dataSource), build.u32(...words), build.list(encoded)));
}
