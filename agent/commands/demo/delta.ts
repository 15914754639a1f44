// The growth of a counter between two samples. 32-bit counters may wrap; 64-bit counters do not wrap during a demo.

import type { Counter, Counter64 } from "../../xdr/type.ts";

/** Returns undefined if the counter is unknown in either sample. */
export function growth32(now: Counter, before: Counter): number | undefined {
  return now === undefined || before === undefined ? undefined : (now - before) >>> 0;
}

export function growth64(now: Counter64, before: Counter64): number | undefined {
  return now === undefined || before === undefined ? undefined : Math.max(0, Number(now) - Number(before));
}

/** Adds the known values; undefined if none is known. */
export function sum(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}
