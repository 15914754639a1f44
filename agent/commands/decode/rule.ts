// A rule: a type of record and the function that prints it. `rule` makes the compiler check that both fit together.

import type { RecordKind, RecordType } from "../../sflow/record.ts";
import type { Pairs } from "./pairs.ts";

/** Prints a record. An invalid record has only some of its fields, and the next one lacks `missing` bytes. */
export type Print<T> = (pairs: Pairs, value: Partial<T>, missing: number) => void;

export type Rule = readonly [type: RecordType<RecordKind, unknown>, print: Print<never>];

export const rule = <T>(type: RecordType<RecordKind, T>, print: Print<T>): Rule => [
  type as RecordType<RecordKind, unknown>,
  print as Print<never>,
];
