// Mutates datagrams from a seed: flips bits, cuts bytes, changes lengths.

import type { Random } from "../seeded-random.ts";

const LENGTHS = [0, 1, 3, 4, 7, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_fffd, 0xffff_ffff];

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  for (let flips = 1 + random.below(8); flips > 0; flips--) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  return bytes;
}

const truncate = (bytes: Uint8Array, random: Random): Uint8Array => bytes.subarray(0, random.below(bytes.length));

/** Changes an aligned word, which may be a count or a length, to an extreme value or by a small amount. */
function editWord(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 4) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = 4 * random.below(bytes.length >> 2);
  const old = view.getUint32(at);
  view.setUint32(at, random.below(2) === 0 ? random.pick(LENGTHS) : (old + random.below(17) - 8) >>> 0);
  return bytes;
}

const shuffleTail = (bytes: Uint8Array, random: Random): Uint8Array => {
  const at = random.below(bytes.length);
  bytes.copyWithin(at, random.below(bytes.length));
  return bytes;
};

const mutations = [flipBits, truncate, editWord, shuffleTail];

/** Returns a copy of a random original, with one to three mutations. */
export function mutate(originals: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(random.pick(originals));
  for (let i = 1 + random.below(3); i > 0 && bytes.length > 0; i--) bytes = random.pick(mutations)(bytes, random);
  return bytes;
}
