// Reads the samples of a datagram and the records of a sample: a count, then items with a tag, a length and a body. See
// sFlow v5, section 5.

import { type Cursor, XdrError } from "../../xdr/cursor.ts";
import type { Item } from "./values.ts";

/** An error at an offset of the datagram. `cut` is true if bytes are missing, false if they are invalid. */
export interface Fault {
  readonly message: string;
  readonly offset: number;
  readonly cut: boolean;
}

export type Report = (fault: Fault, path?: string) => void;

/** Reads an item. The cursor ends at the end of its body. */
export type TakeItem<T> = (cursor: Cursor, item: Item, report: Report, i: number) => T;

/** Adds the items up to the end of the bytes. Reports also bytes after the last item. */
export function takeItems<T>(
  cursor: Cursor,
  count: number,
  what: "sample" | "record",
  take: TakeItem<T>,
  items: T[],
  report: Report,
): void {
  takeList(cursor, count, what, take, items, report);
  const { at: offset, left } = cursor;
  if (items.length === count && left > 0)
    report({ message: `${left} bytes after the last ${what}`, offset, cut: false });
}

/**
 * Adds items until the count is reached or the bytes end, so that a false count costs nothing. The length of a body is
 * rounded up to a multiple of 4. Of an item longer than the remaining bytes, these are read. Then only the item is
 * reported, not what is missing inside, nor the items after it.
 */
export function takeList<T>(
  cursor: Cursor,
  count: number,
  what: "sample" | "record",
  take: TakeItem<T>,
  items: T[],
  report: Report,
): void {
  while (items.length < count && cursor.left >= 8) {
    const { at: offset, end } = cursor;
    const item = takeItem(cursor);
    const { left } = cursor;
    const isCut = item.length > left;
    if (isCut) {
      const message = `${what} ${items.length} has a length of ${item.length} bytes, only ${left} are left`;
      report({ message, offset, cut: true });
    }
    cursor.end = cursor.at + item.bytes.length;
    items.push(take(cursor, item, isCut ? onlyInvalid(report) : report, items.length));
    cursor.end = end;
    cursor.at = isCut ? end : Math.min(item.at + item.length + (-item.length & 3), end);
    if (isCut) return;
  }
  if (items.length < count) {
    const message = `the count is ${count} ${what}s, only ${items.length} found`;
    report({ message, offset: cursor.at, cut: true });
  }
}

function takeItem(cursor: Cursor): Item {
  const format = cursor.takeUint32();
  const length = cursor.takeUint32();
  const { at, bytes, end } = cursor;
  return { format, length, at, bytes: bytes.subarray(at, Math.min(at + length, end)) };
}

const onlyInvalid =
  (report: Report): Report =>
  (fault, path) => {
    if (!fault.cut) report(fault, path);
  };

/** Returns the result of `take`. If it throws an XdrError, reports it and returns what `partly` makes of its part. */
export function attempt<T>(take: () => T, partly: (error: XdrError) => T, report: (fault: Fault) => void): T {
  try {
    return take();
  } catch (error) {
    if (!(error instanceof XdrError)) throw error;
    report({ message: error.message, offset: error.at, cut: error.missing > 0 });
    return partly(error);
  }
}
