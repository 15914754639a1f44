// E, counters of any record: totals that only grow, fields available always or never, percentages in range.

import { counterDelta } from "../../agent/sflow/continuity.ts";
import type { CounterRecord } from "../../agent/sflow/record.ts";
import type { Type } from "../../agent/xdr/type.ts";
import { type Check, check, type Evidence, each } from "./check.ts";
import { groupBy, type PlacedCounters, successive } from "./stream.ts";

interface Field {
  readonly name: string;
  /** Data source, record and field. */
  readonly key: string;
  readonly type: string;
  readonly value: number | bigint | undefined;
}

const isScalar = ({ name }: Type<unknown>): boolean => /^(counter|percentage|unsigned|int)/.test(name);

const fieldsOf = ({ type, value }: CounterRecord, placed: PlacedCounters): Field[] =>
  Object.entries(type.fields as Readonly<Record<string, Type<unknown>>>)
    .filter(([, fieldType]) => isScalar(fieldType))
    .map(([field, fieldType]) => ({
      name: `${placed.name} ${type.name}.${field}`,
      key: `${placed.source} ${type.name}.${field}`,
      type: fieldType.name,
      value: (value as Readonly<Record<string, number | bigint | undefined>>)[field],
    }));

const fields = ({ stream }: Evidence): Field[] =>
  stream.counters.flatMap((placed) =>
    placed.sample.records.flatMap(({ content }) => (content === undefined ? [] : fieldsOf(content, placed))),
  );

const isCounter = ({ type }: Field): boolean => type === "counter32" || type === "counter64";

/** The kernel's own iowait may decrease a little: it is charged to whichever processor wakes up. proc_stat(5). */
const MAY_STEP_BACK = /host_cpu\.cpu_(wio|idle)$/;

function judgeGrowth([before, after]: [Field, Field]): string | undefined {
  const bits = after.type === "counter64" ? 64 : 32;
  const grown = counterDelta(before.value, after.value, bits);
  if (grown === undefined || MAY_STEP_BACK.test(after.key)) return undefined;
  const back = 1n << BigInt(bits - 1);
  return grown >= back ? `${after.name}: ${after.value} after ${before.value}` : undefined;
}

/** A single all-ones value next to values about to wrap is a value, not "unknown". */
function judgeAvailability(group: readonly Field[]): string | undefined {
  const unavailable = group.filter(({ value }) => value === undefined).length;
  if (unavailable === 0 || unavailable === group.length) return undefined;
  const wraps = group.some(({ value }) => value !== undefined && BigInt(value) > 0xffff_ffffn - (1n << 20n));
  return unavailable === 1 && wraps ? undefined : `${group[0]?.key}: unavailable in ${unavailable} of ${group.length}`;
}

export const counters: readonly Check[] = [
  check("E-01", "M", "counters only grow", (evidence) => {
    const pairs = successive(fields(evidence).filter(isCounter), ({ key }) => key);
    return pairs.length === 0 ? undefined : each(pairs, judgeGrowth);
  }),
  check("E-02", "M", "a counter is available always or never", (evidence) => {
    const groups = [...groupBy(fields(evidence).filter(isCounter), ({ key }) => key).values()];
    const long = groups.filter((group) => group.length > 1);
    return long.length === 0 ? undefined : each(long, judgeAvailability);
  }),
  check("E-05", "M", "percentages are between 0 and 100 or unknown", (evidence) => {
    const percentages = fields(evidence).filter(({ type }) => type === "percentage");
    if (percentages.length === 0) return undefined;
    return each(percentages, ({ name, value = 0 }) => (value < 0 || value > 10_000) && `${name}: ${value}`);
  }),
];
