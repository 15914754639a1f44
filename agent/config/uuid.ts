// Option values that are UUIDs: 16 bytes in hexadecimal, with `-`, `.` or `:` anywhere between. See RFC 9562, section
// 4.

import { type About, type Option, option, ValueError } from "./option.ts";

/** Returns 16 bytes, or undefined if the text is not a UUID. */
export function parseUuid(text: string): Uint8Array | undefined {
  const digits = text.replace(/[-.:]/g, "");
  return /^[0-9a-f]{32}$/i.test(digits) ? Uint8Array.from(Buffer.from(digits, "hex")) : undefined;
}

/** Formats a UUID as 8-4-4-4-12 digits. */
export const showUuid = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

export const uuid = (about: About<undefined>): Option<Uint8Array | undefined> =>
  option<Uint8Array, undefined>("uuid", about, (text) => {
    const bytes = parseUuid(text);
    if (bytes === undefined)
      throw new ValueError("16 bytes in hexadecimal, such as 00112233-4455-6677-8899-aabbccddeeff");
    return bytes;
  });
