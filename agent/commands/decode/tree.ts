// A decoded datagram as a tree: pairs of key and value for the datagram, its samples and their records, with the keys
// and in the order of sflowtool.

import { showAddress } from "../../sflow/address.ts";
import { showFormat } from "../../sflow/data-format.ts";
import { showDataSource } from "../../sflow/data-source.ts";
import { customFlowTypes, metricTypes } from "../../sflow/decode/custom.ts";
import type {
  CustomField,
  Datagram,
  DecodedCounter,
  DecodedFlow,
  DecodedSample,
  Port,
} from "../../sflow/decode/values.ts";
import { dropReasonName } from "../../sflow/enums/drop-reason.ts";
import { recordPairs } from "./element.ts";
import { type Pair, pair, typedPair } from "./pair.ts";

export interface Tree {
  readonly head: readonly Pair[];
  readonly samples: readonly Branch[];
}

export interface Branch {
  readonly head: readonly Pair[];
  readonly elements: readonly (readonly Pair[])[];
}

/** The sender and the time of arrival of a datagram, if the input has them. */
export interface Origin {
  readonly source: string | undefined;
  readonly seconds: number | undefined;
  readonly microseconds: number | undefined;
}

/** Returns the pairs of a datagram that do not depend on its contents. */
export const originPairs = (size: number, { source, seconds, microseconds }: Origin): Pair[] => [
  pair("datagramSourceIP", source ?? "-"),
  pair("datagramSize", size),
  pair("unixSecondsUTC", seconds ?? 0),
  pair("unixSecondsUTC_uS", microseconds ?? 0),
];

export function treeOf(datagram: Datagram, size: number, origin: Origin): Tree {
  const { agentAddress, subAgentId, sequenceNumber, uptime, samples } = datagram;
  return {
    head: [
      ...originPairs(size, origin),
      pair("datagramVersion", 5),
      pair("agentSubId", subAgentId),
      pair("agent", showAddress(agentAddress) || "-"),
      pair("packetSequenceNo", sequenceNumber),
      pair("sysUpTime", uptime),
      pair("samplesInPacket", samples.length),
    ],
    samples: samples.map(branchOf),
  };
}

function branchOf(sample: DecodedSample): Branch {
  const tag = pair("sampleType_tag", showFormat(sample.format));
  if (sample.kind === "opaque") return { head: [tag, skipped("sample", sample)], elements: [] };
  if (sample.kind === "metrics") return { head: [tag, ...metricPairs(sample)], elements: [] };
  if (sample.kind === "custom flow") return { head: [tag, ...customFlowPairs(sample)], elements: [] };
  const { name, facts, block, prefix } = kinds(sample);
  const records: readonly (DecodedFlow | DecodedCounter)[] = sample.records;
  return {
    head: [
      tag,
      pair("sampleType", name),
      pair("sampleSequenceNo", sample.sequenceNumber),
      pair("sourceId", showDataSource(sample.source)),
      ...facts,
    ],
    elements: records.map((record) => elementOf(record, block).map((fact) => ({ ...fact, key: prefix + fact.key }))),
  };
}

type Standard = Extract<DecodedSample, { records: readonly unknown[] }>;

function kinds(sample: Standard): { name: string; facts: Pair[]; block: string; prefix: string } {
  if (sample.kind === "counters") return { name: "COUNTERSSAMPLE", facts: [], block: "counter", prefix: "" };
  if (sample.kind === "flow") {
    const facts = [
      pair("meanSkipCount", sample.samplingRate),
      pair("samplePool", sample.samplePool),
      pair("dropEvents", sample.drops),
      portPair("inputPort", sample.input),
      portPair("outputPort", sample.output),
    ];
    return { name: "FLOWSAMPLE", facts, block: "flow", prefix: "" };
  }
  const facts = [
    pair("dropEvents", sample.drops),
    pair("inputPort", sample.input),
    pair("outputPort", sample.output),
    pair("discardCode", sample.reason),
    pair("discardReason", dropReasonName(sample.reason) ?? "NotFound"),
  ];
  return { name: "DISCARD", facts, block: "flow", prefix: "discarded_" };
}

/**
 * Shows port format 0, a single interface, as the number only. For other formats, the name of the format comes first.
 */
function portPair(key: string, { format, value }: Port): Pair {
  if (format === 0) return pair(key, value);
  const name = format === 1 ? "dropCode" : format === 2 ? "multiple" : `format==${format}`;
  return pair(key, `${name} ${value}`);
}

function elementOf(record: DecodedFlow | DecodedCounter, block: string): Pair[] {
  const tag = pair(`${block}Block_tag`, showFormat(record.format));
  const { content } = record;
  if (content === undefined) return [tag, skipped(`${block}_sample_element`, record)];
  return [tag, ...recordPairs(content)];
}

const skipped = (what: string, { format, bytes }: DecodedSample | DecodedFlow | DecodedCounter): Pair => ({
  key: "skipping",
  text: `unknown ${what}: ${showFormat(format)} len=${bytes.length}`,
  json: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex"),
});

const metricPairs = ({ dataSource, fields }: Extract<DecodedSample, { kind: "metrics" }>): Pair[] => [
  pair("sampleType", "RTMETRIC"),
  pair("rtmetric_datasource_name", dataSource),
  ...fieldPairs("rtmetric", fields, metricTypes),
];

const customFlowPairs = (sample: Extract<DecodedSample, { kind: "custom flow" }>): Pair[] => [
  pair("sampleType", "RTFLOW"),
  pair("rtflow_datasource_name", sample.dataSource),
  pair("rtflow_sampling_rate", sample.samplingRate),
  pair("rtflow_sample_pool", sample.samplePool),
  ...fieldPairs("rtflow", sample.fields, customFlowTypes),
];

function fieldPairs(key: string, fields: readonly CustomField[], types: typeof metricTypes): Pair[] {
  const shown = fields.flatMap(({ name, type, value }) => {
    const known = types[type];
    return known === undefined ? [] : [{ type: known.name, ...typedPair(name, known.codec, value) }];
  });
  const quoted = (type: string, text = "") => (type === "string" ? `"${text}"` : text);
  return [
    ...shown.map(({ key: name, type, text }) => ({ key, text: `${name} = (${type}) ${quoted(type, text)}` })),
    { key: `${key}_fields`, json: shown.map(({ key: name, type, json = null }) => ({ name, type, value: json })) },
  ];
}
