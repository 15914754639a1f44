// Names of service units as D-Bus paths, as control groups and as UUIDs. See systemd.unit(5),
// org.freedesktop.systemd1(5) and hsflowd's uuidgen_type5.

import { createHash } from "node:crypto";

const UNITS = "/org/freedesktop/systemd1/unit/";

export const isService = (unit: string): boolean => unit.endsWith(".service");

/** Returns the D-Bus path. A byte that is no letter or digit, and a leading digit, become `_` and two hex digits. */
export const unitPath = (unit: string): string =>
  UNITS +
  [...Buffer.from(unit)]
    .map((byte, i) => {
      const character = String.fromCharCode(byte);
      const isPlain = /[A-Za-z]/.test(character) || (i > 0 && /\d/.test(character));
      return isPlain ? character : `_${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");

/** Returns the name of the unit; undefined if the path is not a service's. */
export function serviceAt(path: string): string | undefined {
  if (!path.startsWith(UNITS)) return undefined;
  const bytes = path
    .slice(UNITS.length)
    .replace(/_([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  const unit = Buffer.from(bytes, "latin1").toString();
  return isService(unit) ? unit : undefined;
}

/** Tells whether a folder belongs to a unit. systemd puts `_` before a name that looks like a file of the kernel. */
export const isGroupOf = (folder: string, unit: string): boolean => folder === unit || folder === `_${unit}`;

export const serviceIn = (folder: string): string | undefined =>
  isService(folder) ? folder.replace(/^_/, "") : undefined;

/** Returns a UUID of version 5, RFC 9562, as hsflowd makes it: of host UUID, unit name and agent address. */
export function serviceUuid(host: Uint8Array, unit: string, agent: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(createHash("sha1").update(host).update(unit).update(agent).digest().subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}
