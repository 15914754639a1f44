// Prints the fields of a record with sflowtool's keys. A table describes the keys: a first line, a prefix, exceptions.

import type { RecordKind, RecordType } from "../../sflow/record.ts";
import type { Type } from "../../xdr/type.ts";
import type { Pairs } from "./pairs.ts";
import { type Show, showOf } from "./typed.ts";

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

/** Returns a function that prints the fields of a record in order, without those that the sender did not send. */
export function keyedFields(type: RecordType<RecordKind, unknown>, keys: Keys): (pairs: Pairs, value: Values) => void {
  const types = Object.entries(type.fields as Readonly<Record<string, Type<unknown>>>);
  const fields = types.map(([field]) => field);
  const names = fields.map((field) => keyOf(keys, field));
  const shows: Show[] = types.map(([, fieldType]) => showOf(fieldType));
  const { head } = keys;
  return (pairs, value) => {
    if (head !== undefined) pairs.word(...head);
    for (let i = 0; i < fields.length; i++) {
      const shown = value[fields[i] as string];
      if (shown === undefined && !((fields[i] as string) in value)) continue;
      (shows[i] as Show)(pairs, names[i] as string, shown);
    }
  };
}
