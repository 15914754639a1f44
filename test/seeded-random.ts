// Random numbers that a seed reproduces: a property test that fails prints its seed. mulberry32.

export interface Random {
  /** Returns n with 0 <= n < 2^32. */
  uint32(): number;
  /** Returns a whole number n with 0 <= n < below. */
  below(below: number): number;
  pick<T>(values: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uint32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((uint32() / 0x1_0000_0000) * limit);
  return {
    uint32,
    below,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
    bytes: (length) => Uint8Array.from({ length }, () => uint32() & 0xff),
  };
}
