// A rule that formats one type of record. `rule` pairs it with the record's table, so that the compiler checks fields.

import type { RecordKind, RecordType } from "../../sflow/record.ts";
import type { Pair } from "./pair.ts";

export type Rule = readonly [type: RecordType<RecordKind, unknown>, show: (value: never) => Pair[]];

export const rule = <T>(type: RecordType<RecordKind, T>, show: (value: T) => Pair[]): Rule => [
  type as RecordType<RecordKind, unknown>,
  show,
];
