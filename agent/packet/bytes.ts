// Reads numbers in network order at an offset of a byte array. The caller must check that they are inside the array.

export const uint16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

export const uint24 = (bytes: Uint8Array, at: number): number => ((bytes[at] as number) << 16) | uint16(bytes, at + 1);

export const uint32 = (bytes: Uint8Array, at: number): number =>
  ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0;

/** Reads a MAC address as a number, to be used as a key without making a string for each packet. */
export const uint48 = (bytes: Uint8Array, at: number): number =>
  uint16(bytes, at) * 0x1_0000_0000 + uint32(bytes, at + 2);
