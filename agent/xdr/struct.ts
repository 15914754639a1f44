// A structure of XDR, declared by a table of fields. The type of its values, the encoder and the decoder follow from
// the table. See RFC 4506.

import type { Cursor } from "./cursor.ts";
import type { Type, ValueOf } from "./type.ts";

// biome-ignore lint/suspicious/noExplicitAny: a field may hold any type; the value type is inferred per field.
export type Fields = { readonly [field: string]: Type<any> };
export type StructValue<F extends Fields> = { -readonly [K in keyof F]: ValueOf<F[K]> };

export interface Struct<T> extends Type<T> {
  readonly fields: { readonly [K in keyof T]: Type<T[K]> };
}

/**
 * Makes a structure. Fields are on the wire in the order of the table. The last `appended` fields were appended by a
 * later revision: if the encoded value ends before them, they are unknown. The caller skips bytes after the last field.
 */
export function struct<F extends Fields>(name: string, fields: F, appended = 0): Struct<StructValue<F>> {
  const entries = Object.entries(fields);
  const required = entries.length - appended;
  const unknown = Object.fromEntries(entries.map(([field, type]) => [field, type.unknown])) as StructValue<F>;
  return {
    name,
    fields: fields as unknown as Struct<StructValue<F>>["fields"],
    unknown,
    put(cursor: Cursor, value: StructValue<F>): void {
      for (const [field, type] of entries) type.put(cursor, value[field]);
    },
    take(cursor: Cursor): StructValue<F> {
      const value = { ...unknown };
      for (const [i, [field, type]] of entries.entries()) {
        if (cursor.left === 0 && i >= required) break;
        (value as Record<string, unknown>)[field] = type.take(cursor);
      }
      return value;
    },
  };
}
