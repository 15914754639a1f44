// Prints the fields of a record with sflowtool's keys. A table describes the keys: a first line, a prefix, exceptions.

import type { Struct } from "../../xdr/struct.ts";
import type { Type } from "../../xdr/type.ts";
import { type Pair, pair, typedPair } from "./pair.ts";

/** The keys of a record. `names` has the keys of some fields; the key of any other field is `prefix` and its name. */
export interface Keys {
  readonly head?: readonly [key: string, value: string];
  readonly prefix?: string;
  readonly upperCase?: true;
  readonly names?: Readonly<Record<string, string>>;
}

export type Values = Readonly<Record<string, unknown>>;

export function keyOf({ prefix = "", upperCase, names }: Keys, field: string): string {
  return names?.[field] ?? `${prefix}${upperCase ? field.toUpperCase() : field}`;
}

/** Returns a pair for every field, in order. Leaves out empty strings, as sflowtool does. */
export function keyedPairs(type: Struct<unknown>, value: Values, keys: Keys): Pair[] {
  const fields = Object.entries(type.fields as Readonly<Record<string, Type<unknown>>>);
  return [
    ...(keys.head === undefined ? [] : [pair(...keys.head)]),
    ...fields
      .filter(([field]) => value[field] !== "")
      .map(([field, fieldType]) => typedPair(keyOf(keys, field), fieldType, value[field])),
  ];
}
