// The fields of a record under the keys sflowtool prints them with: a prefix, exceptions, and a line to begin with.

import type { Struct } from "../../xdr/struct.ts";
import type { Type } from "../../xdr/type.ts";
import { type Pair, pair, typedPair } from "./pair.ts";

/** A field that is not in `names` has the prefix and its own name. */
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

/** Every field of the table in order. An empty string says nothing and is left out, as sflowtool does. */
export function keyedPairs(type: Struct<unknown>, value: Values, keys: Keys): Pair[] {
  const fields = Object.entries(type.fields as Readonly<Record<string, Type<unknown>>>);
  return [
    ...(keys.head === undefined ? [] : [pair(...keys.head)]),
    ...fields
      .filter(([field]) => value[field] !== "")
      .map(([field, fieldType]) => typedPair(keyOf(keys, field), fieldType, value[field])),
  ];
}
