// Compares an exported value with the kernel around that time: it must lie between two snapshots, wraps included.

import type { Snapshot, Truth } from "./truth.ts";

type Number_ = number | bigint | undefined;

/**
 * Returns undefined where the value lies between, or the kernel has none; otherwise a message. `bits` is the width on
 * the wire.
 */
export function counterMiss(exported: Number_, around: readonly number[], bits: 32 | 64): string | undefined {
  const [first, last] = [around[0], around.at(-1)];
  if (first === undefined || last === undefined || Number.isNaN(first)) return undefined;
  if (exported === undefined) return "unavailable, though the kernel has it";
  const low = BigInt(first);
  const span = BigInt.asUintN(bits, BigInt(last) - low);
  const above = BigInt.asUintN(bits, BigInt(exported) - low);
  return above <= span ? undefined : `${exported}, the kernel had ${first} to ${last}`;
}

/** `slack` covers changes between snapshots, and rounding. */
export function gaugeMiss(exported: Number_, around: readonly number[], slack = 0): string | undefined {
  const [low, high] = [Math.min(...around), Math.max(...around)];
  if (around.length === 0 || Number.isNaN(low)) return undefined;
  if (exported === undefined) return "unknown, though the kernel has it";
  const value = Number(exported);
  return value >= low - slack && value <= high + slack ? undefined : `${value}, the kernel had ${low} to ${high}`;
}

/** Returns `read` of each snapshot around the time of arrival. */
export const valuesAround = (
  truth: Truth,
  time: number,
  read: (snapshot: Snapshot) => number,
  seconds?: number,
): number[] => truth.around(time, seconds).map(read);
