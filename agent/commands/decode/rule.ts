// A rule: a type of record and the function that formats it. `rule` makes the compiler check that both fit together.

import type { RecordKind, RecordType } from "../../sflow/record.ts";
import type { Pair } from "./pair.ts";

export type Rule = readonly [type: RecordType<RecordKind, unknown>, show: (value: never) => Pair[]];

export const rule = <T>(type: RecordType<RecordKind, T>, show: (value: T) => Pair[]): Rule => [
  type as RecordType<RecordKind, unknown>,
  show,
];
