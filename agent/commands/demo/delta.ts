// What a counter grew by between two samples. Counters of 32 bits wrap; those of 64 bits do not in a demonstration.

import type { Counter, Counter64 } from "../../xdr/type.ts";

/** Undefined where either sample had none. */
export function growth32(now: Counter, before: Counter): number | undefined {
  return now === undefined || before === undefined ? undefined : (now - before) >>> 0;
}

export function growth64(now: Counter64, before: Counter64): number | undefined {
  return now === undefined || before === undefined ? undefined : Math.max(0, Number(now) - Number(before));
}

/** Of those that are known; undefined where none is. */
export function sum(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}
