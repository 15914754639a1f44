// Compares the values of configurations. isDeepStrictEqual() of Node takes 100 ms for a list of 10,000 addresses.

import { isDeepStrictEqual } from "node:util";

type Values = Readonly<Record<string, unknown>>;

const isPlain = (value: object): value is Values => Object.getPrototypeOf(value) === Object.prototype;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

function sameObjects(a: Values, b: Values): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValues(a[key], b[key]))
  );
}

/** Tells whether two values are equal, as isDeepStrictEqual() does, which compares what is rare, such as patterns. */
export function sameValues(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => sameValues(one, b[i]));
  if (isPlain(a) && isPlain(b)) return sameObjects(a, b);
  if (a.constructor === Uint8Array && b.constructor === Uint8Array) return sameBytes(a as Uint8Array, b as Uint8Array);
  return isDeepStrictEqual(a, b);
}
