// Decodes flow samples, counters samples and discarded packets, in compact and expanded form. See sFlow v5, section 5,
// and sFlow Discarded Packet Notification Structures.

import type { Cursor } from "../../xdr/cursor.ts";
import { dataFormat, showFormat } from "../data-format.ts";
import type { DataSource } from "../data-source.ts";
import { takeCustomFlow, takeMetrics } from "./custom.ts";
import { headOf, take32 } from "./head.ts";
import { attempt, type Report, takeItems } from "./items.ts";
import { takeCounterRecord, takeFlowRecord } from "./records.ts";
import type {
  BegunSample,
  CountersHead,
  DecodedCounter,
  DecodedFlow,
  DecodedSample,
  DiscardHead,
  FlowHead,
  Item,
  Port,
  SampleKind,
} from "./values.ts";

const sourceHead = headOf<DataSource>({ class: take32, index: take32 });
const portHead = headOf<Port>({ format: take32, value: take32 });
const takeExpandedSource = (cursor: Cursor): DataSource => sourceHead(cursor, {});
const takeExpandedPort = (cursor: Cursor): Port => portHead(cursor, {});

function takeCompactSource(cursor: Cursor): DataSource {
  const packed = cursor.takeUint32();
  return { class: packed >>> 24, index: packed & 0xff_ffff };
}

function takeCompactPort(cursor: Cursor): Port {
  const packed = cursor.takeUint32();
  return { format: packed >>> 30, value: packed & 0x3fff_ffff };
}

const flowHead = (source: (cursor: Cursor) => DataSource, port: (cursor: Cursor) => Port) =>
  headOf<FlowHead>({
    sequenceNumber: take32,
    source,
    samplingRate: take32,
    samplePool: take32,
    drops: take32,
    input: port,
    output: port,
    recordCount: take32,
  });

const countersHead = (source: (cursor: Cursor) => DataSource) =>
  headOf<CountersHead>({ sequenceNumber: take32, source, recordCount: take32 });

const takeFlowHeads = {
  compact: flowHead(takeCompactSource, takeCompactPort),
  expanded: flowHead(takeExpandedSource, takeExpandedPort),
};

const takeCountersHeads = { compact: countersHead(takeCompactSource), expanded: countersHead(takeExpandedSource) };

const takeDiscardHead = headOf<DiscardHead>({
  sequenceNumber: take32,
  source: takeExpandedSource,
  drops: take32,
  input: take32,
  output: take32,
  reason: take32,
  recordCount: take32,
});

interface Format {
  readonly kind: SampleKind;
  take(cursor: Cursor, item: Item, report: Report): DecodedSample;
}

const flow = (form: "compact" | "expanded"): Format => ({
  kind: "flow",
  take(cursor, item, report) {
    const records: DecodedFlow[] = [];
    const { format, length, at, bytes } = item;
    const base = { format, length, at, bytes, kind: "flow" as const, expanded: form === "expanded", records };
    const sample = takeFlowHeads[form](cursor, base);
    takeItems(cursor, sample.recordCount, "record", takeFlowRecord, records, report);
    return sample;
  },
});

const counters = (form: "compact" | "expanded"): Format => ({
  kind: "counters",
  take(cursor, item, report) {
    const records: DecodedCounter[] = [];
    const { format, length, at, bytes } = item;
    const base = { format, length, at, bytes, kind: "counters" as const, expanded: form === "expanded", records };
    const sample = takeCountersHeads[form](cursor, base);
    takeItems(cursor, sample.recordCount, "record", takeCounterRecord, records, report);
    return sample;
  },
});

const discard: Format = {
  kind: "discard",
  take(cursor, item, report) {
    const records: DecodedFlow[] = [];
    const sample = takeDiscardHead(cursor, { ...item, kind: "discard" as const, records });
    takeItems(cursor, sample.recordCount, "record", takeFlowRecord, records, report);
    return sample;
  },
};

const INMON = 4300;

/** The formats, by data_format of sample_data. */
const formats: ReadonlyMap<number, Format> = new Map<number, Format>([
  [1, flow("compact")],
  [2, counters("compact")],
  [3, flow("expanded")],
  [4, counters("expanded")],
  [5, discard],
  [dataFormat(INMON, 1002), { kind: "metrics", take: takeMetrics }],
  [dataFormat(INMON, 1003), { kind: "custom flow", take: takeCustomFlow }],
]);

/** Decodes a sample of any format. Reports each problem with its path in the datagram. */
export function takeSample(cursor: Cursor, item: Item, inDatagram: Report, i: number): DecodedSample {
  const format = formats.get(item.format);
  if (format === undefined) return { ...item, kind: "opaque" };
  const report: Report = (fault, path = "") => inDatagram(fault, `samples[${i}]${path}`);
  return attempt<DecodedSample>(
    () => format.take(cursor, item, report),
    ({ part }) => ({ ...item, kind: "opaque", begun: { kind: format.kind, head: part ?? {} } as BegunSample }),
    (fault) => report({ ...fault, message: `${showFormat(item.format)}: ${fault.message}` }),
  );
}
