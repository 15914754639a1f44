// Builds frames from hexadecimal pieces, one for each header.

export const hex = (...pieces: string[]): Uint8Array => Uint8Array.from(Buffer.from(pieces.join(""), "hex"));

export const ethernet = (type: string): string => `0200000000020200000000${"01"}${type}`;
export const tag = (type: string, tci: string): string => `${type}${tci}`;

const number16 = (value: number): string => value.toString(16).padStart(4, "0");

/** 192.0.2.1 -> 198.51.100.2 */
export const ipv4 = (protocol: string, fragment = "0000", options = ""): string =>
  `${(0x45 + options.length / 8).toString(16)}000054${"0001"}${fragment}40${protocol}0000c0000201c6336402${options}`;

/** 2001:db8::1 -> 2001:db8::2 */
export const ipv6 = (next: string): string =>
  `60000000${"0040"}${next}40${"20010db8"}${"0".repeat(23)}1${"20010db8"}${"0".repeat(23)}2`;

export const tcp = (source: number, destination: number, flags = "18"): string =>
  `${number16(source)}${number16(destination)}00000001000000025${"0"}${flags}ffff00000000`;

export const udp = (source: number, destination: number): string =>
  `${number16(source)}${number16(destination)}00200000`;
