// The 32-bit FNV-1a hash, which is not cryptographic. See draft-eastlake-fnv.

/**
 * Hashes bytes. With `signed`, returns the hash that a C program with signed `char` computes: a byte of 0x80 or above
 * also inverts the upper 24 bits.
 */
export function fnv1a(bytes: Uint8Array, signed = false): number {
  let hash = 2_166_136_261;
  for (const byte of bytes) hash = Math.imul(hash ^ (signed ? (byte << 24) >> 24 : byte), 16_777_619);
  return hash >>> 0;
}
