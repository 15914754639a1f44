// What a sequence number says of a stream: lost, repeated, late, or begun anew. sFlow v5, sections 4 and 5
// "sequence_number".

/** From `before` to `after`, modulo 2^32: negative where `after` is the older of the two. */
export const distance = (before: number, after: number): number => (after - before) | 0;

export type Step = "first" | "next" | "lost" | "repeated" | "late" | "restarted";

export interface Continuity {
  readonly step: Step;
  /** How many are missing before this one; 0 unless `step` is "lost". */
  readonly missing: number;
}

interface Position {
  sequence: number;
  uptime: number;
}

/** Milliseconds of uptime that a datagram may be overtaken by. */
const LATE = 2000;

/**
 * Follows many streams, each by a key of the caller's. An older number is late where its uptime is a little older too;
 * where uptime went on without it, or back by more, the agent was started again. Both numbers wrap.
 */
export function makeContinuity(): (key: string, sequence: number, uptime: number) => Continuity {
  const positions = new Map<string, Position>();
  return (key, sequence, uptime) => {
    const newest = positions.get(key);
    if (newest === undefined) {
      positions.set(key, { sequence, uptime });
      return { step: "first", missing: 0 };
    }
    const ahead = distance(newest.sequence, sequence);
    const aged = distance(newest.uptime, uptime);
    if (ahead === 0) return { step: "repeated", missing: 0 };
    if (ahead < 0 && aged <= 0 && aged >= -LATE) return { step: "late", missing: 0 };
    newest.sequence = sequence;
    newest.uptime = uptime;
    if (ahead < 0 || aged < -LATE) return { step: "restarted", missing: 0 };
    return ahead === 1 ? { step: "next", missing: 0 } : { step: "lost", missing: ahead - 1 };
  };
}

/** How far a counter of `bits` moved, wrapped or not; undefined where either end is unavailable. */
export function counterDelta(
  before: number | bigint | undefined,
  after: number | bigint | undefined,
  bits: 32 | 64,
): bigint | undefined {
  if (before === undefined || after === undefined) return undefined;
  return BigInt.asUintN(bits, BigInt(after) - BigInt(before));
}
