// Option values that are UUIDs: 16 bytes in hexadecimal, with `-`, `.` or `:` anywhere between. See RFC 9562, section
// 4.

import { quote } from "./error.ts";
import { type About, type Note, type Option, option, ValueError } from "./option.ts";

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

/**
 * Reads 16 bytes as hsflowd does: a byte is one or two digits, with any separators between bytes, and the text after
 * the last byte is ignored. Returns undefined if there are fewer bytes.
 */
function readUuid(text: string): Uint8Array | undefined {
  const [bytes = ""] = /^(?:[-.:]*[0-9a-f]{1,2}){16}/i.exec(text) ?? [];
  const digits = bytes.match(/[0-9a-f]{1,2}/gi) ?? [];
  return digits.length === 16 ? Uint8Array.from(digits, (digit) => Number.parseInt(digit, 16)) : undefined;
}

function noteUuid(text: string): Note | undefined {
  const bytes = readUuid(text);
  if (bytes === undefined || parseUuid(text) !== undefined) return undefined;
  return { message: `${quote(text)} is read as ${showUuid(bytes)}, as in hsflowd`, remedy: `write ${showUuid(bytes)}` };
}

export const uuid = (about: About<undefined>): Option<Uint8Array | undefined> => ({
  ...option<Uint8Array, undefined>("uuid", about, (text) => {
    const bytes = readUuid(text);
    if (bytes === undefined)
      throw new ValueError("16 bytes in hexadecimal, such as 00112233-4455-6677-8899-aabbccddeeff");
    return bytes;
  }),
  note: noteUuid,
});
