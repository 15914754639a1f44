// Decodes the rtmetric and rtflow samples of InMon, whose fields carry their name and type. There is no specification:
// the format is that of mod_json of host-sflow and of sflowtool.

import { type Cursor, XdrError } from "../../xdr/cursor.ts";
import { counter32, counter64, double, float, int32, string, type Type, uint32, uint64 } from "../../xdr/type.ts";
import { ipv4, ipv6, mac } from "../scalar.ts";
import type { Report } from "./items.ts";
import type { CustomField, DecodedCustomFlow, DecodedMetrics, Item } from "./values.ts";

const text = string();

interface FieldType {
  /** The name that decoders print. */
  readonly name: string;
  readonly codec: Type<unknown>;
}

const field = (name: string, codec: Type<unknown>): FieldType => ({ name, codec });

/** The types of metrics, by their number on the wire. */
export const metricTypes: readonly FieldType[] = [
  field("string", text),
  field("counter32", counter32),
  field("counter64", counter64),
  field("gauge32", uint32),
  field("gauge64", uint64),
  field("gaugefloat", float),
  field("gaugefloat", double),
];

/** The types of flow fields, by their number on the wire. */
export const customFlowTypes: readonly FieldType[] = [
  field("string", text),
  field("mac", mac),
  field("ip", ipv4),
  field("ip6", ipv6),
  field("int32", int32),
  field("int64", uint64),
  field("gaugefloat", float),
  field("gaugefloat", double),
];

export function takeMetrics(item: Item, cursor: Cursor, report: Report): DecodedMetrics {
  const dataSource = text.take(cursor);
  return { ...item, kind: "metrics", dataSource, fields: takeFields(cursor, metricTypes, report) };
}

export function takeCustomFlow(item: Item, cursor: Cursor, report: Report): DecodedCustomFlow {
  return {
    ...item,
    kind: "custom flow",
    dataSource: text.take(cursor),
    samplingRate: cursor.takeUint32(),
    samplePool: cursor.takeUint32(),
    fields: takeFields(cursor, customFlowTypes, report),
  };
}

/** Reads fields. Stops at a field of unknown type, because its length is unknown, so the next field cannot be found. */
function takeFields(cursor: Cursor, types: readonly FieldType[], report: Report): CustomField[] {
  const count = cursor.takeUint32();
  const fields: CustomField[] = [];
  while (fields.length < count) {
    try {
      fields.push(takeField(cursor, types));
    } catch (error) {
      if (!(error instanceof XdrError)) throw error;
      report(`the count is ${count} fields, only ${fields.length} found: ${error.message}`);
      break;
    }
  }
  return fields;
}

function takeField(cursor: Cursor, types: readonly FieldType[]): CustomField {
  const name = text.take(cursor);
  const type = cursor.takeUint32();
  const known = types[type];
  if (known === undefined) throw new XdrError(`field ${JSON.stringify(name)} has unknown type ${type}`);
  return { name, type, value: known.codec.take(cursor) };
}
