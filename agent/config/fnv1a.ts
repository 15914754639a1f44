// FNV-1a, 32 bits: tells words apart, and hides nothing. draft-eastlake-fnv.

/** As C computes it on `char`s: where these are signed, a byte of 0x80 and above flips the upper bits. */
export function fnv1a(bytes: Uint8Array, signed = false): number {
  let hash = 2_166_136_261;
  for (const byte of bytes) hash = Math.imul(hash ^ (signed ? (byte << 24) >> 24 : byte), 16_777_619);
  return hash >>> 0;
}
