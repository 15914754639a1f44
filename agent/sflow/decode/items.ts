// Reads the samples of a datagram and the records of a sample: a count, then items with a tag, a length and a body. See
// sFlow v5, section 5.

import { type Cursor, XdrError } from "../../xdr/cursor.ts";
import type { Item } from "./values.ts";

export type Report = (message: string, path?: string) => void;

/** An item, and a cursor that ends at the end of its body. */
export interface Body {
  readonly item: Item;
  readonly cursor: Cursor;
}

/**
 * Reads items until the count is reached or the bytes end, so that a false count costs nothing. The body of an item
 * ends at its length, rounded up to a multiple of 4. An item longer than the remaining bytes ends the list.
 */
export function takeItems<T>(
  cursor: Cursor,
  what: "sample" | "record",
  take: (body: Body, i: number) => T,
  report: Report,
): T[] {
  const count = cursor.takeUint32();
  const items: T[] = [];
  while (items.length < count && cursor.left >= 8) {
    const format = cursor.takeUint32();
    const length = cursor.takeUint32();
    if (length > cursor.left) {
      report(`${what} ${items.length} has a length of ${length} bytes, only ${cursor.left} are left`);
      return items;
    }
    items.push(take(bodyOf(cursor, format, length), items.length));
    cursor.at = Math.min(cursor.at + (-length & 3), cursor.end);
  }
  if (items.length < count) report(`the count is ${count} ${what}s, only ${items.length} found`);
  else if (cursor.left > 0) report(`${cursor.left} bytes after the last ${what}`);
  return items;
}

function bodyOf(cursor: Cursor, format: number, length: number): Body {
  const at = cursor.at;
  return { item: { format, at, bytes: cursor.bytes.subarray(at, at + length) }, cursor: cursor.slice(length) };
}

/** Returns the result of `take`. If it throws an XdrError, reports its message and returns undefined. */
export function attempt<T>(take: () => T, report: (message: string) => void): T | undefined {
  try {
    return take();
  } catch (error) {
    if (!(error instanceof XdrError)) throw error;
    report(error.message);
    return undefined;
  }
}
