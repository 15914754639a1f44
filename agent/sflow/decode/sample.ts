// Decodes flow samples, counters samples and discarded packets, in compact and expanded form. See sFlow v5, section 5,
// and sFlow Discarded Packet Notification Structures.

import type { Cursor } from "../../xdr/cursor.ts";
import { dataFormat, showFormat } from "../data-format.ts";
import type { DataSource } from "../data-source.ts";
import type { CounterRecord, FlowRecord } from "../record.ts";
import { counterTypeOf, flowTypeOf } from "../records/catalog.ts";
import { takeCustomFlow, takeMetrics } from "./custom.ts";
import { attempt, type Body, type Report, takeItems } from "./items.ts";
import type {
  DecodedCounter,
  DecodedCountersSample,
  DecodedDiscard,
  DecodedFlow,
  DecodedFlowSample,
  DecodedRecord,
  DecodedSample,
  Item,
  Port,
} from "./values.ts";

type Take = (item: Item, cursor: Cursor, report: Report) => DecodedSample;

const INMON = 4300;

/** The decoders, by data_format of sample_data. */
const takes: ReadonlyMap<number, Take> = new Map<number, Take>([
  [1, (item, cursor, report) => takeFlow(item, cursor, report, false)],
  [2, (item, cursor, report) => takeCounters(item, cursor, report, false)],
  [3, (item, cursor, report) => takeFlow(item, cursor, report, true)],
  [4, (item, cursor, report) => takeCounters(item, cursor, report, true)],
  [5, takeDiscard],
  [dataFormat(INMON, 1002), takeMetrics],
  [dataFormat(INMON, 1003), takeCustomFlow],
]);

/** Decodes a sample of any format. Reports each problem with its path inside the sample. */
export function takeSample({ item, cursor }: Body, report: Report): DecodedSample {
  const take = takes.get(item.format);
  if (take === undefined) return { ...item, kind: "opaque" };
  const broken = (message: string): void => report(`${showFormat(item.format)}: ${message}`);
  return attempt(() => take(item, cursor, report), broken) ?? { ...item, kind: "opaque" };
}

function takeSource(cursor: Cursor, expanded: boolean): DataSource {
  if (expanded) return { class: cursor.takeUint32(), index: cursor.takeUint32() };
  const packed = cursor.takeUint32();
  return { class: packed >>> 24, index: packed & 0xff_ffff };
}

function takePort(cursor: Cursor, expanded: boolean): Port {
  if (expanded) return { format: cursor.takeUint32(), value: cursor.takeUint32() };
  const packed = cursor.takeUint32();
  return { format: packed >>> 30, value: packed & 0x3fff_ffff };
}

function takeFlow(item: Item, cursor: Cursor, report: Report, expanded: boolean): DecodedFlowSample {
  return {
    ...item,
    kind: "flow",
    expanded,
    sequenceNumber: cursor.takeUint32(),
    source: takeSource(cursor, expanded),
    samplingRate: cursor.takeUint32(),
    samplePool: cursor.takeUint32(),
    drops: cursor.takeUint32(),
    input: takePort(cursor, expanded),
    output: takePort(cursor, expanded),
    records: takeFlowRecords(cursor, report),
  };
}

function takeCounters(item: Item, cursor: Cursor, report: Report, expanded: boolean): DecodedCountersSample {
  return {
    ...item,
    kind: "counters",
    expanded,
    sequenceNumber: cursor.takeUint32(),
    source: takeSource(cursor, expanded),
    records: takeItems(cursor, "record", (body, i) => takeCounter(body, report, i), report),
  };
}

function takeDiscard(item: Item, cursor: Cursor, report: Report): DecodedDiscard {
  return {
    ...item,
    kind: "discard",
    sequenceNumber: cursor.takeUint32(),
    source: takeSource(cursor, true),
    drops: cursor.takeUint32(),
    input: cursor.takeUint32(),
    output: cursor.takeUint32(),
    reason: cursor.takeUint32(),
    records: takeFlowRecords(cursor, report),
  };
}

const takeFlowRecords = (cursor: Cursor, report: Report): DecodedFlow[] =>
  takeItems(cursor, "record", (body, i) => takeFlowRecord(body, report, i), report);

function takeFlowRecord(body: Body, report: Report, i: number): DecodedFlow {
  const type = flowTypeOf(body.item.format);
  return type === undefined ? unknown(body) : { ...body.item, content: take(body, type, report, i) };
}

function takeCounter(body: Body, report: Report, i: number): DecodedCounter {
  const type = counterTypeOf(body.item.format);
  return type === undefined ? unknown(body) : { ...body.item, content: take(body, type, report, i) };
}

const unknown = <R extends FlowRecord | CounterRecord>({ item }: Body): DecodedRecord<R> => ({
  ...item,
  content: undefined,
});

/** Decodes a record. Ignores bytes after the last field, which a later revision may append. */
function take<T extends (FlowRecord | CounterRecord)["type"]>(
  { item, cursor }: Body,
  type: T,
  report: Report,
  i: number,
) {
  const broken = (message: string): void =>
    report(`${showFormat(item.format)} ${type.name}: ${message}`, `.records[${i}]`);
  return attempt(() => ({ type, value: type.take(cursor) }), broken);
}
