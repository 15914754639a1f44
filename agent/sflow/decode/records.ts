// Decodes the records of samples. See sFlow v5, section 5 "flow_record" and "counter_record".

import type { Cursor } from "../../xdr/cursor.ts";
import { showFormat } from "../data-format.ts";
import type { CounterRecord, FlowRecord, RecordKind, RecordType } from "../record.ts";
import { counterTypeOf, flowTypeOf } from "../records/catalog.ts";
import { attempt, type Report, type TakeItem, takeList } from "./items.ts";
import type { DecodedCounter, DecodedFlow, DecodedRecord, Item } from "./values.ts";

/** extended_80211_aggregation. Not in the catalog, because its fields are records. See sFlow 802.11 Structures. */
const AGGREGATION = 1016;

export const takeCounterRecord: TakeItem<DecodedCounter> = (cursor, item, report, i) =>
  takeRecord<CounterRecord>(counterTypeOf(item.format), cursor, item, report, i);

export const takeFlowRecord: TakeItem<DecodedFlow> = (cursor, item, report, i) =>
  item.format === AGGREGATION ? takeAggregation(cursor, item, report, i) : takeInnerRecord(cursor, item, report, i);

/** Keeps an aggregation in an aggregation as bytes, so that there is no recursion. */
const takeInnerRecord: TakeItem<DecodedFlow> = (cursor, item, report, i) =>
  takeRecord<FlowRecord>(flowTypeOf(item.format), cursor, item, report, i);

/**
 * Ignores bytes after the last field, which a later revision may append. Lists the properties of an item, because the
 * engine gives each copy made by `...` a class of its own, which costs more than all else here.
 */
function takeRecord<R extends FlowRecord | CounterRecord>(
  type: RecordType<RecordKind, unknown> | undefined,
  cursor: Cursor,
  item: Item,
  report: Report,
  i: number,
): DecodedRecord<R> {
  const { format, length, at, bytes } = item;
  if (type === undefined) return { format, length, at, bytes, content: undefined };
  return attempt<DecodedRecord<R>>(
    () => ({ format, length, at, bytes, content: { type, value: type.take(cursor) } as R }),
    ({ part = {}, missing }) => ({ ...item, content: undefined, begun: { type, value: part, missing } }),
    (fault) => report({ ...fault, message: `${showFormat(format)} ${type.name}: ${fault.message}` }, record(i)),
  );
}

const record = (i: number): string => `.records[${i}]`;

function takeAggregation(cursor: Cursor, item: Item, inSample: Report, i: number): DecodedFlow {
  const report: Report = (fault, path = "") => inSample(fault, `${record(i)}${path}`);
  const lists: DecodedFlow[][] = [];
  let count = 0;
  const decoded = { ...item, content: undefined };
  return attempt<DecodedFlow>(
    () => {
      count = cursor.takeUint32();
      while (lists.length < count) {
        const inPdu: Report = (fault, path = "") => report(fault, `.pdus[${lists.length}]${path}`);
        const list: DecodedFlow[] = [];
        takeList(cursor, cursor.takeUint32(), "record", takeInnerRecord, list, inPdu);
        lists.push(list);
      }
      return { ...decoded, pdus: { count, lists } };
    },
    () => ({ ...decoded, pdus: { count, lists } }),
    (fault) => report({ ...fault, message: `0:1016 extended_80211_aggregation: ${fault.message}` }),
  );
}
