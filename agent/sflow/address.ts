// Network addresses: text, bytes, and the address union of the wire. sFlow v5, section 5 "address".

import { type Cursor, XdrError } from "../xdr/cursor.ts";
import type { Type } from "../xdr/type.ts";

/** 4 bytes are IPv4, 16 are IPv6, none is unknown. */
export type AddressBytes = Uint8Array;

/**
 * An unknown address is sent as IPv4 0.0.0.0, because most decoders lose their place at type 0; it is accepted when read.
 * IPv4-mapped IPv6 is sent as IPv4.
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
