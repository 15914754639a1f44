// Prints the fields of a sample before its records. Leaves out fields that a truncated sample does not have.

import { type DataSource, showDataSource } from "../../sflow/data-source.ts";
import type { CountersHead, DiscardHead, FlowHead, Port } from "../../sflow/decode/values.ts";
import { dropReasonName } from "../../sflow/enums/drop-reason.ts";
import type { Pairs } from "./pairs.ts";

export function printFlowHead(pairs: Pairs, head: Partial<FlowHead>): void {
  printOrigin(pairs, "FLOWSAMPLE", head);
  pairs.number("meanSkipCount", head.samplingRate);
  pairs.number("samplePool", head.samplePool);
  pairs.number("dropEvents", head.drops);
  printPort(pairs, "inputPort", head.input);
  printPort(pairs, "outputPort", head.output);
}

export const printCountersHead = (pairs: Pairs, head: Partial<CountersHead>): void =>
  printOrigin(pairs, "COUNTERSSAMPLE", head);

export function printDiscardHead(pairs: Pairs, head: Partial<DiscardHead>): void {
  printOrigin(pairs, "DISCARD", head);
  pairs.number("dropEvents", head.drops);
  pairs.number("inputPort", head.input);
  pairs.number("outputPort", head.output);
  if (head.reason === undefined) return;
  pairs.number("discardCode", head.reason);
  pairs.word("discardReason", dropReasonName(head.reason) ?? "NotFound");
}

function printOrigin(pairs: Pairs, type: string, { sequenceNumber, source }: Partial<CountersHead>): void {
  pairs.word("sampleType", type);
  pairs.number("sampleSequenceNo", sequenceNumber);
  const { class: dsClass, index }: Partial<DataSource> = source ?? {};
  if (dsClass !== undefined && index !== undefined) pairs.word("sourceId", showDataSource({ class: dsClass, index }));
}

const FORMATS = ["", "dropCode ", "multiple "];

/** Shows an interface, which is format 0, as its number. For other formats, the name of the format comes first. */
function printPort(pairs: Pairs, key: string, { format, value }: Partial<Port> = {}): void {
  if (format === 0) pairs.number(key, value);
  else if (value !== undefined) pairs.word(key, `${FORMATS[format ?? 0] ?? `format==${format} `}${value}`);
}
