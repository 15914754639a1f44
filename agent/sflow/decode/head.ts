// Reads the fields at the head of a datagram or sample, before its items.

import { type Cursor, withPart } from "../../xdr/cursor.ts";

type Takes<T> = { readonly [K in keyof T]: (cursor: Cursor) => T[K] };

export const take32 = (cursor: Cursor): number => cursor.takeUint32();

/**
 * Returns a function that reads the fields in the order of the table, adds them to `base` and returns it. The part of
 * its error is `base` with the fields before.
 */
export function headOf<T extends object>(takes: Takes<T>): <B extends object>(cursor: Cursor, base: B) => B & T {
  const fields = Object.keys(takes) as (keyof T)[];
  return (cursor, base) => {
    const head = base as typeof base & Partial<T>;
    let i = 0;
    try {
      for (; i < fields.length; i++) take(head, fields[i] as keyof T, takes, cursor);
    } catch (error) {
      throw withPart(error, (part) => (part === undefined ? head : { ...head, [fields[i] as keyof T]: part }));
    }
    return head as typeof base & T;
  };
}

function take<T extends object, K extends keyof T>(head: Partial<T>, field: K, takes: Takes<T>, cursor: Cursor): void {
  head[field] = takes[field](cursor);
}
