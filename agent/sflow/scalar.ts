// Scalar types that sFlow adds to XDR: hardware and network addresses, load averages, saturating gauges. See sFlow v5,
// section 5.

import { counter32, fixedOpaque, type Type, uint32 } from "../xdr/type.ts";

/** A hardware address of 6 bytes, padded to 8 on the wire. */
export const mac: Type<Uint8Array> = { ...fixedOpaque(6), name: "mac" };

/** An IPv4 address without the type word that `address` has. */
export const ipv4: Type<Uint8Array> = { ...fixedOpaque(4), name: "ip_v4" };
export const ipv6: Type<Uint8Array> = { ...fixedOpaque(16), name: "ip_v6" };

/** A load average in single precision. `undefined` is sent as -1.0, which means unknown. */
export const loadAverage: Type<number | undefined> = {
  name: "load average",
  unknown: undefined,
  put: (cursor, value) => cursor.putFloat(value ?? -1),
  take: (cursor) => {
    const value = cursor.takeFloat();
    return value === -1 ? undefined : value;
  },
};

/** A number that may be unknown, such as VLAN and priority. Unknown is sent as all ones. */
export const maybe32: Type<number | undefined> = { ...counter32, name: "unsigned int or unknown" };

/** A gauge that does not wrap. A value above 2^32 - 1 is sent as 2^32 - 1. */
export const saturating32: Type<number> = {
  ...uint32,
  name: "unsigned int, saturating",
  put: (cursor, value) => cursor.putUint32(Math.min(value, 0xffff_ffff)),
};
