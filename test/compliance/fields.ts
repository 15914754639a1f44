// The fields of a record as bytes: contents, padding and lengths as they were sent, found by the record's table. RFC
// 4506.

import { Cursor, XdrError } from "../../agent/xdr/cursor.ts";
import type { Struct } from "../../agent/xdr/struct.ts";
import type { ArrayType, Type } from "../../agent/xdr/type.ts";

export interface Leaf {
  readonly path: string;
  /** The type's name: `string<64>`, `mac`, `address`. */
  readonly type: string;
  /** Contents without length, type and padding. */
  readonly content: Uint8Array;
  readonly padding: Uint8Array;
  /** The type of an address. */
  readonly addressType?: number;
}

/** `left` is the number of bytes behind the last field. Throws XdrError where the body ends early. */
export function leavesOf(type: Type<unknown>, body: Uint8Array): { leaves: Leaf[]; left: number } {
  const cursor = new Cursor(body);
  const leaves: Leaf[] = [];
  visit(type, cursor, "", leaves);
  return { leaves, left: cursor.left };
}

function visit(type: Type<unknown>, cursor: Cursor, path: string, leaves: Leaf[]): void {
  if ("fields" in type) visitStruct(type as Struct<object>, cursor, path, leaves);
  else if ("element" in type) visitArray(type as ArrayType<unknown>, cursor, path, leaves);
  else leaves.push(leafOf(type, cursor, path));
}

function visitStruct({ fields }: Struct<object>, cursor: Cursor, path: string, leaves: Leaf[]): void {
  for (const [field, type] of Object.entries(fields)) {
    if (cursor.left === 0) return;
    visit(type as Type<unknown>, cursor, path === "" ? field : `${path}.${field}`, leaves);
  }
}

function visitArray({ element }: ArrayType<unknown>, cursor: Cursor, path: string, leaves: Leaf[]): void {
  const count = cursor.takeUint32();
  if (count > cursor.left >>> 2) throw new XdrError(`${count} elements in ${cursor.left} bytes`);
  for (let i = 0; i < count; i++) visit(element, cursor, `${path}[${i}]`, leaves);
}

const NONE = new Uint8Array(0);
const FIXED: Readonly<Record<string, number>> = { mac: 6, ip_v4: 4, ip_v6: 16 };

function leafOf(type: Type<unknown>, cursor: Cursor, path: string): Leaf {
  const fixed = FIXED[type.name] ?? Number(/^opaque\[(\d+)\]$/.exec(type.name)?.[1] ?? Number.NaN);
  if (!Number.isNaN(fixed)) return { path, type: type.name, ...bytesOf(cursor, fixed) };
  if (/^(string|opaque)</.test(type.name)) return { path, type: type.name, ...bytesOf(cursor, cursor.takeUint32()) };
  const start = cursor.at;
  type.take(cursor);
  const content = cursor.bytes.subarray(start, cursor.at);
  if (type.name !== "address") return { path, type: type.name, content, padding: NONE };
  return { path, type: type.name, content: content.subarray(4), padding: NONE, addressType: content[3] as number };
}

/** Padding ends with the body at the latest: the last record of an old agent may lack it. */
function bytesOf(cursor: Cursor, length: number): { content: Uint8Array; padding: Uint8Array } {
  const start = cursor.at;
  cursor.takeFixed(length);
  return {
    content: cursor.bytes.subarray(start, start + length),
    padding: cursor.bytes.subarray(start + length, cursor.at),
  };
}
