// Prints the rtmetric and rtflow samples of InMon, whose fields carry their name and type.

import { type CustomField, customFlowTypes, metricTypes } from "../../sflow/custom-types.ts";
import type { CustomFlowHead, DecodedCustomFlow, DecodedMetrics, MetricsHead } from "../../sflow/decode/values.ts";
import { withoutPadding } from "./padding.ts";
import type { Pairs } from "./pairs.ts";
import { showOf } from "./typed.ts";

export function printMetricsHead(pairs: Pairs, head: Partial<MetricsHead>): void {
  pairs.word("sampleType", "RTMETRIC");
  pairs.text("rtmetric_datasource_name", head.dataSource);
}

export function printCustomFlowHead(pairs: Pairs, head: Partial<CustomFlowHead>): void {
  pairs.word("sampleType", "RTFLOW");
  pairs.text("rtflow_datasource_name", head.dataSource);
  pairs.number("rtflow_sampling_rate", head.samplingRate);
  pairs.number("rtflow_sample_pool", head.samplePool);
}

/** Prints `rtmetric load = (gaugefloat) 0.500` as text, and a list of fields as JSON. */
export function printFields(pairs: Pairs, { kind, fields }: DecodedMetrics | DecodedCustomFlow): void {
  const [key, types] =
    kind === "metrics" ? (["rtmetric", metricTypes] as const) : (["rtflow", customFlowTypes] as const);
  if (pairs.flat) for (const field of fields) printField(pairs, key, types, field);
  pairs.list(`${key}_fields`, fields, ({ name, type, value }) => {
    const known = types[type];
    pairs.json("name", withoutPadding(name));
    pairs.json("type", known?.name ?? type);
    if (known !== undefined) showOf(known.codec)(pairs, "value", value);
  });
}

function printField(pairs: Pairs, key: string, types: typeof metricTypes, { name, type, value }: CustomField): void {
  const known = types[type];
  if (known === undefined) return;
  const quoted = typeof value === "string" ? `"${withoutPadding(value)}"` : value;
  showOf(known.codec)(pairs, `${key} ${withoutPadding(name)} = (${known.name})`, quoted);
}
