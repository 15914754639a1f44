// Scalars that sFlow adds to those of XDR: hardware and network addresses, load averages, gauges that saturate. sFlow
// v5, section 5.

import { counter32, fixedOpaque, type Type, uint32 } from "../xdr/type.ts";

/** 6 bytes, padded to 8 on the wire. */
export const mac: Type<Uint8Array> = { ...fixedOpaque(6), name: "mac" };

/** Bare addresses: unlike `address` they carry no type word. */
export const ipv4: Type<Uint8Array> = { ...fixedOpaque(4), name: "ip_v4" };
export const ipv6: Type<Uint8Array> = { ...fixedOpaque(16), name: "ip_v6" };

/** Single precision on the wire; undefined is the specification's -1.0, "unknown". */
export const loadAverage: Type<number | undefined> = {
  name: "load average",
  unknown: undefined,
  put: (cursor, value) => cursor.putFloat(value ?? -1),
  take: (cursor) => {
    const value = cursor.takeFloat();
    return value === -1 ? undefined : value;
  },
};

/** A plain number, all ones where it is unknown: VLAN and priority. */
export const maybe32: Type<number | undefined> = { ...counter32, name: "unsigned int or unknown" };

/** All ones means "that much or more": a gauge that does not fit stays at the top and never wraps. */
export const saturating32: Type<number> = {
  ...uint32,
  name: "unsigned int, saturating",
  put: (cursor, value) => cursor.putUint32(Math.min(value, 0xffff_ffff)),
};
