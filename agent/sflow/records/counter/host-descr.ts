// Name, identity and operating system of a host or virtual machine. sFlow Host Structures, "host_descr", and its
// erratum on uuid.

import type { Cursor } from "../../../xdr/cursor.ts";
import { fixedOpaque, string, type Type, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

const UUID_BYTES = 16;
const bytes16 = fixedOpaque(UUID_BYTES);

/** Returns the bytes of uuid, machine_type, os_name and os_release, with a uuid of `uuidLength` bytes. */
function lengthWith(uuidLength: number, { view, at, left }: Cursor): number {
  const release = at + uuidLength + 8;
  if (uuidLength + 12 > left) return 0;
  return uuidLength + 12 + Math.ceil(view.getUint32(release) / 4) * 4;
}

/**
 * Recognises a uuid with a length word, as in the memo of 2010: only then do the lengths of the fields after it fit.
 */
const isObsolete = (cursor: Cursor): boolean =>
  cursor.left > UUID_BYTES + 16 &&
  cursor.view.getUint32(cursor.at) === UUID_BYTES &&
  lengthWith(UUID_BYTES, cursor) !== cursor.left &&
  lengthWith(UUID_BYTES + 4, cursor) === cursor.left;

const uuid: Type<Uint8Array> = {
  ...bytes16,
  take(cursor) {
    if (isObsolete(cursor)) cursor.takeUint32();
    return bytes16.take(cursor);
  },
};

export const hostDescr = counterType("host_descr", 2000, {
  hostname: string(64),
  /** Bytes in the order of the text; all zero if unknown. */
  uuid,
  machine_type: uint32,
  os_name: uint32,
  os_release: string(32),
});
