// Changes the bytes of an input at random: flips, cuts, repeats, joins, extreme numbers, and words of the target.

import type { Random } from "../seeded-random.ts";

type Change = (bytes: Uint8Array, random: Random, context: Context) => Uint8Array;

export interface Context {
  readonly corpus: readonly Uint8Array[];
  /** Words that the target understands. */
  readonly words: readonly Uint8Array[];
}

const MOST_BYTES = 4096;
const EXTREMES = [0, 1, 4, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_ffff];

const splice = (bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);

const changes: readonly Change[] = [
  (bytes, random) => {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
    return bytes;
  },
  (bytes, random) => {
    bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, 1 + random.below(bytes.length)),
  (bytes, random) => splice(bytes, random.below(bytes.length), random.below(16), new Uint8Array()),
  (bytes, random) => {
    const from = random.below(bytes.length);
    return splice(bytes, random.below(bytes.length), 0, bytes.slice(from, from + 1 + random.below(64)));
  },
  (bytes, random, { corpus }) => {
    const other = random.pick(corpus);
    const from = random.below(other.length + 1);
    return splice(bytes, random.below(bytes.length), random.below(32), other.subarray(from, from + random.below(256)));
  },
  (bytes, random, { words }) =>
    words.length === 0 ? bytes : splice(bytes, random.below(bytes.length + 1), random.below(8), random.pick(words)),
  (bytes, random) => {
    if (bytes.length < 4) return bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const value = random.pick(EXTREMES);
    view.setUint32(random.below(bytes.length - 3), value, random.below(2) === 0);
    return bytes;
  },
];

/** Returns a copy with one to four changes. */
export function mutate(original: Uint8Array, random: Random, context: Context): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(original);
  for (let i = 1 + random.below(4); i > 0 && bytes.length > 0; i--)
    bytes = Uint8Array.from(random.pick(changes)(bytes, random, context));
  return bytes.subarray(0, MOST_BYTES);
}
