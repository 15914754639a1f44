// Decodes the rtmetric and rtflow samples of InMon, whose fields carry their name and type. There is no specification:
// the format is that of mod_json of host-sflow and of sflowtool.

import { type Cursor, XdrError } from "../../xdr/cursor.ts";
import { string } from "../../xdr/type.ts";
import { type CustomField, customFlowTypes, type FieldType, metricTypes } from "../custom-types.ts";
import { headOf, take32 } from "./head.ts";
import type { Report } from "./items.ts";
import type { CustomFlowHead, DecodedCustomFlow, DecodedMetrics, Item, MetricsHead } from "./values.ts";

const text = string();
const takeText = (cursor: Cursor): string => text.take(cursor);
const takeMetricsHead = headOf<MetricsHead>({ dataSource: takeText, fieldCount: take32 });
const takeCustomFlowHead = headOf<CustomFlowHead>({
  dataSource: takeText,
  samplingRate: take32,
  samplePool: take32,
  fieldCount: take32,
});

export function takeMetrics(cursor: Cursor, item: Item, report: Report): DecodedMetrics {
  const fields: CustomField[] = [];
  const sample = takeMetricsHead(cursor, { ...item, kind: "metrics" as const, fields });
  takeFields(cursor, sample.fieldCount, metricTypes, fields, report);
  return sample;
}

export function takeCustomFlow(cursor: Cursor, item: Item, report: Report): DecodedCustomFlow {
  const fields: CustomField[] = [];
  const sample = takeCustomFlowHead(cursor, { ...item, kind: "custom flow" as const, fields });
  takeFields(cursor, sample.fieldCount, customFlowTypes, fields, report);
  return sample;
}

/** Adds fields. Stops at a field of unknown type, because its length is unknown, so the next field cannot be found. */
function takeFields(
  cursor: Cursor,
  count: number,
  types: readonly FieldType[],
  fields: CustomField[],
  report: Report,
): void {
  while (fields.length < count) {
    try {
      fields.push(takeField(cursor, types));
    } catch (error) {
      if (!(error instanceof XdrError)) throw error;
      const message = `the count is ${count} fields, only ${fields.length} found: ${error.message}`;
      report({ message, offset: error.at, cut: error.missing > 0 });
      return;
    }
  }
}

function takeField(cursor: Cursor, types: readonly FieldType[]): CustomField {
  const { at } = cursor;
  const name = text.take(cursor);
  const type = cursor.takeUint32();
  const known = types[type];
  if (known === undefined) throw new XdrError(`field ${JSON.stringify(name)} has unknown type ${type}`, at);
  return { name, type, value: known.codec.take(cursor) };
}
