// Network addresses: as text, as bytes, and as the union on the wire. See sFlow v5, section 5 "address".

import { type Cursor, XdrError } from "../xdr/cursor.ts";
import type { Type } from "../xdr/type.ts";

/** The bytes of an address: 4 for IPv4, 16 for IPv6, none if the address is unknown. */
export type AddressBytes = Uint8Array;

/**
 * The type of addresses on the wire. Encodes an unknown address as IPv4 0.0.0.0, because most decoders fail at type 0.
 * Decodes type 0 as unknown. Encodes an IPv4-mapped IPv6 address as IPv4.
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
    throw new XdrError(`unknown address type ${type}`, cursor.at - 4);
  },
};

/** Returns the 4 bytes of an IPv4-mapped address (::ffff:a.b.c.d), and any other address unchanged. */
export function unmapped(bytes: AddressBytes): AddressBytes {
  if (bytes.length !== 16) return bytes;
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return bytes;
  return bytes[10] === 0xff && bytes[11] === 0xff ? bytes.subarray(12) : bytes;
}

/** Formats an address: IPv4 dotted, IPv6 as in RFC 5952, unknown as the empty string. */
export function showAddress(bytes: AddressBytes): string {
  if (bytes.length !== 16) return bytes.join(".");
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(2 * i));
  const { start, length } = longestZeros(groups);
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** Returns the longest run of zero groups; if several are equally long, the first of them. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0, i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}
