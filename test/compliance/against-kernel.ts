// Compares a field of a record with the kernel, sample by sample: one row names the field, and where the kernel has
// it.

import { recordOf } from "../../agent/sflow/decode.ts";
import type { RecordType } from "../../agent/sflow/record.ts";
import { counterMiss, gaugeMiss, valuesAround } from "./bracket.ts";
import type { Evidence } from "./check.ts";
import type { PlacedCounters } from "./stream.ts";
import type { Snapshot } from "./truth.ts";

export interface Row {
  readonly field: string;
  /** A counter lies between two snapshots; a gauge does too, within some slack. */
  readonly kind: "counter32" | "counter64" | "gauge";
  readonly slack?: number;
  /** Seconds that it may be old, where that is more than a datagram may wait. */
  readonly seconds?: number | undefined;
  read(snapshot: Snapshot, sample: PlacedCounters): number;
}

export const counter32 = (field: string, read: Row["read"]): Row => ({ field, kind: "counter32", read });
export const counter64 = (field: string, read: Row["read"]): Row => ({ field, kind: "counter64", read });
export const gauge = (field: string, read: Row["read"], slack = 0, seconds?: number): Row => ({
  field,
  kind: "gauge",
  slack,
  seconds,
  read,
});

type CounterType = RecordType<"counter_data", unknown>;

/** Returns messages for every sample that has the record; undefined without snapshots or samples. */
export function compare(
  { truth }: Evidence,
  samples: readonly PlacedCounters[],
  type: CounterType,
  rows: readonly Row[],
): string[] | undefined {
  if (truth === undefined) return undefined;
  const found = samples.flatMap((placed) => {
    const value = recordOf(placed.sample.records, type) as
      | Readonly<Record<string, number | bigint | undefined>>
      | undefined;
    return value === undefined || truth.around(placed.seen.time).length < 2 ? [] : [{ placed, value }];
  });
  if (found.length === 0) return undefined;
  return found.flatMap(({ placed, value }) =>
    rows.flatMap((row) => {
      const around = valuesAround(truth, placed.seen.time, (snapshot) => row.read(snapshot, placed), row.seconds);
      const miss = missOf(row, value[row.field], around);
      return miss === undefined ? [] : [`${placed.name} ${placed.source} ${type.name}.${row.field}: ${miss}`];
    }),
  );
}

function missOf({ kind, slack }: Row, exported: number | bigint | undefined, around: readonly number[]) {
  if (kind === "gauge") return gaugeMiss(exported, around, slack);
  return counterMiss(exported, around, kind === "counter32" ? 32 : 64);
}
