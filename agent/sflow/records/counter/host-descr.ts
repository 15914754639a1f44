// Name, identity and operating system of a host or virtual machine. See sFlow Host Structures, "host_descr", and its
// erratum on uuid.

import type { Cursor } from "../../../xdr/cursor.ts";
import { fixedOpaque, string, type Type, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

const UUID_BYTES = 16;
const bytes16 = fixedOpaque(UUID_BYTES);

/** Returns the length of uuid, machine_type, os_name and os_release in bytes, if the uuid has `uuidLength` bytes. */
function lengthWith(uuidLength: number, { view, at, left }: Cursor): number {
  const release = at + uuidLength + 8;
  if (uuidLength + 12 > left) return 0;
  return uuidLength + 12 + Math.ceil(view.getUint32(release) / 4) * 4;
}

/**
 * Tells whether the uuid has a length word before it, as in the memo of 2010. Compares the lengths of the fields after
 * the uuid with the length of the record.
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
