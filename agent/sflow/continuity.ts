// Follows sequence numbers of streams: finds lost, repeated and late datagrams, and restarts of a stream. See sFlow v5,
// sections 4 and 5 "sequence_number".

/** Returns the distance from `before` to `after` modulo 2^32. It is negative if `after` is older. */
export const distance = (before: number, after: number): number => (after - before) | 0;

export type Step = "next" | "lost" | "repeated" | "late" | "restarted";

/** The relation of a datagram to the datagrams before it in the same stream. */
export interface Continuity {
  readonly step: Step;
  /** The number of datagrams missing before this datagram; 0 unless `step` is "lost". */
  readonly missing: number;
}

/** The newest datagram of a stream so far. */
export interface Position {
  sequence: number;
  uptime: number;
}

/** Largest delay of a late datagram, in milliseconds of the agent's uptime. */
const LATE = 2000;

/**
 * Moves the position of a stream to its next datagram. A datagram with an older number is late if its uptime is a
 * little older too. If its uptime is newer, or much older, the agent was restarted. Numbers and uptimes may wrap.
 */
export function follow(newest: Position, sequence: number, uptime: number): Continuity {
  const ahead = distance(newest.sequence, sequence);
  const aged = distance(newest.uptime, uptime);
  if (ahead === 0) return { step: "repeated", missing: 0 };
  if (ahead < 0 && aged <= 0 && aged >= -LATE) return { step: "late", missing: 0 };
  newest.sequence = sequence;
  newest.uptime = uptime;
  if (ahead < 0 || aged < -LATE) return { step: "restarted", missing: 0 };
  return ahead === 1 ? { step: "next", missing: 0 } : { step: "lost", missing: ahead - 1 };
}

/** Returns the increase of a counter of `bits`, modulo its size; undefined if either value is unavailable. */
export function counterDelta(
  before: number | bigint | undefined,
  after: number | bigint | undefined,
  bits: 32 | 64,
): bigint | undefined {
  if (before === undefined || after === undefined) return undefined;
  return BigInt.asUintN(bits, BigInt(after) - BigInt(before));
}
