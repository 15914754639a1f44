// Network addresses: text, bytes, and the address union of the wire. sFlow v5, section 5 "address".

import { type Cursor, XdrError } from "../xdr/cursor.ts";
import type { Type } from "../xdr/type.ts";

/** 4 bytes are IPv4, 16 are IPv6, none is unknown. */
export type AddressBytes = Uint8Array;

/**
 * An unknown address is sent as IPv4 0.0.0.0, because most decoders lose their place at type 0; it is accepted when
 * read. IPv4-mapped IPv6 is sent as IPv4.
 */
export const address: Type<AddressBytes> = {
  name: "address",
  unknown: new Uint8Array(0),
  put(cursor: Cursor, value: AddressBytes): void {
    const plain = unmapped(value);
    cursor.putUint32(plain.length === 16 ? 2 : 1);
    cursor.putFixed(plain.length === 0 ? new Uint8Array(4) : plain);
  },
  take(cursor: Cursor): AddressBytes {
    const type = cursor.takeUint32();
    if (type === 0) return new Uint8Array(0);
    if (type === 1) return cursor.takeFixed(4);
    if (type === 2) return cursor.takeFixed(16);
    throw new XdrError(`address type ${type}`);
  },
};

/** ::ffff:a.b.c.d as a.b.c.d; anything else as it is. */
export function unmapped(bytes: AddressBytes): AddressBytes {
  if (bytes.length !== 16) return bytes;
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return bytes;
  return bytes[10] === 0xff && bytes[11] === 0xff ? bytes.subarray(12) : bytes;
}

/** As people write it: dotted, or RFC 5952; empty for an unknown one. */
export function showAddress(bytes: AddressBytes): string {
  if (bytes.length !== 16) return bytes.join(".");
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(2 * i));
  const { start, length } = longestZeros(groups);
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0, i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}
