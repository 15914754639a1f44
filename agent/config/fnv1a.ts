// The FNV-1a hash with 32 bits, which is not cryptographic. See draft-eastlake-fnv.

/** Hashes bytes as C does on `char`. If `char` is signed, a byte of 0x80 and above also flips the upper 24 bits. */
export function fnv1a(bytes: Uint8Array, signed = false): number {
  let hash = 2_166_136_261;
  for (const byte of bytes) hash = Math.imul(hash ^ (signed ? (byte << 24) >> 24 : byte), 16_777_619);
  return hash >>> 0;
}
