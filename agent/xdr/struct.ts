// A structure of XDR, declared by a table of fields. The type of its values, the encoder and the decoder follow from
// the table. See RFC 4506.

import { type Cursor, withPart } from "./cursor.ts";
import type { Type, ValueOf } from "./type.ts";

// biome-ignore lint/suspicious/noExplicitAny: a field may hold any type; the value type is inferred per field.
export type Fields = { readonly [field: string]: Type<any> };
export type StructValue<F extends Fields> = { -readonly [K in keyof F]: ValueOf<F[K]> };

export interface Struct<T> extends Type<T> {
  readonly fields: { readonly [K in keyof T]: Type<T[K]> };
}

/**
 * Makes a structure. Fields are on the wire in the order of the table. The last `appended` fields were appended by a
 * later revision: if the encoded value ends before them, the decoded value lacks them, and their types allow undefined.
 * The caller skips bytes after the last field.
 */
export function struct<F extends Fields>(name: string, fields: F, appended = 0): Struct<StructValue<F>> {
  const names = Object.keys(fields);
  const types = Object.values(fields) as Type<unknown>[];
  const required = names.length - appended;
  return {
    name,
    fields: fields as unknown as Struct<StructValue<F>>["fields"],
    unknown: Object.fromEntries(names.map((field, i) => [field, types[i]?.unknown])) as StructValue<F>,
    put(cursor: Cursor, value: StructValue<F>): void {
      for (let i = 0; i < names.length; i++) (types[i] as Type<unknown>).put(cursor, value[names[i] as string]);
    },
    take(cursor: Cursor): StructValue<F> {
      const value: Record<string, unknown> = {};
      let i = 0;
      try {
        for (; i < names.length && (i < required || cursor.left > 0); i++) {
          value[names[i] as string] = (types[i] as Type<unknown>).take(cursor);
        }
      } catch (error) {
        throw withPart(error, (part) => (part === undefined ? value : { ...value, [names[i] as string]: part }));
      }
      return value as StructValue<F>;
    },
  };
}
