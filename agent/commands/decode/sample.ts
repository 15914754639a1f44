// Prints the samples of a datagram, and the records in them.

import { showFormat } from "../../sflow/data-format.ts";
import type {
  Aggregation,
  DecodedCounter,
  DecodedFlow,
  DecodedSample,
  Item,
  SampleHeads,
  SampleKind,
} from "../../sflow/decode/values.ts";
import { printCustomFlowHead, printFields, printMetricsHead } from "./custom.ts";
import type { Pairs } from "./pairs.ts";
import { printRecord } from "./record.ts";
import { printCountersHead, printDiscardHead, printFlowHead } from "./sample-head.ts";

type Heads = { readonly [K in SampleKind]: (pairs: Pairs, head: Partial<SampleHeads[K]>) => void };

const heads: Heads = {
  flow: printFlowHead,
  counters: printCountersHead,
  discard: printDiscardHead,
  metrics: printMetricsHead,
  "custom flow": printCustomFlowHead,
};

/** Prints a sample. Of one with an invalid head, prints the fields before the error. */
export function printSample(pairs: Pairs, sample: DecodedSample): void {
  pairs.startSample();
  pairs.word("sampleType_tag", showFormat(sample.format));
  if (sample.kind !== "opaque") printHead(pairs, sample.kind, sample);
  else if (sample.begun !== undefined) printHead(pairs, sample.begun.kind, sample.begun.head);
  else printSkipped(pairs, "sample", sample);
  if ("fields" in sample) printFields(pairs, sample);
  if ("records" in sample) printRecords(pairs, sample);
  pairs.endSample();
}

const printHead = <K extends SampleKind>(pairs: Pairs, kind: K, head: Partial<SampleHeads[K]>): void =>
  heads[kind](pairs, head);

type Standard = Extract<DecodedSample, { records: readonly unknown[] }>;

function printRecords(pairs: Pairs, { kind, records }: Standard): void {
  pairs.prefix = kind === "discard" ? "discarded_" : "";
  for (const record of records) {
    pairs.startRecord();
    printElement(pairs, record, kind === "counters" ? "counter" : "flow");
    pairs.endRecord();
  }
  pairs.prefix = "";
}

function printElement(pairs: Pairs, record: DecodedFlow | DecodedCounter, block: "flow" | "counter"): void {
  const { content, begun } = record;
  pairs.word(`${block}Block_tag`, showFormat(record.format));
  if (content !== undefined) printRecord(pairs, content.type, content.value, 0);
  else if (begun !== undefined) printRecord(pairs, begun.type, begun.value, begun.missing);
  else if ("pdus" in record) printAggregation(pairs, record.pdus);
  else printSkipped(pairs, `${block}_sample_element`, record);
}

/** Prints the records of each packet that an 802.11 frame aggregates. */
function printAggregation(pairs: Pairs, { count, lists }: Aggregation): void {
  pairs.number("aggregation_num_pdus", count);
  if (pairs.flat) {
    for (const [i, records] of lists.entries()) {
      pairs.number("aggregation_pdu", i);
      for (const record of records) printElement(pairs, record, "flow");
    }
  }
  pairs.list("aggregation_pdus", lists, (records) =>
    pairs.list("elements", records, (record) => printElement(pairs, record, "flow")),
  );
}

function printSkipped(pairs: Pairs, what: string, { format, length, bytes }: Item): void {
  if (pairs.flat) pairs.word("skipping", `unknown ${what}: ${showFormat(format)} len=${length}`);
  else pairs.hex("skipping", bytes);
}
