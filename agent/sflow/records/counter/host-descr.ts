// Name, identity and operating system of a host or virtual machine. sFlow Host Structures, "host_descr", and its
// erratum on uuid.

import type { Cursor } from "../../../xdr/cursor.ts";
import { fixedOpaque, string, type Type, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

const UUID_BYTES = 16;
const bytes16 = fixedOpaque(UUID_BYTES);

/** Bytes of uuid, machine_type, os_name and os_release together, when the uuid is `uuidLength` bytes on the wire. */
function lengthWith(uuidLength: number, { view, at, left }: Cursor): number {
  const release = at + uuidLength + 8;
  if (uuidLength + 12 > left) return 0;
  return uuidLength + 12 + Math.ceil(view.getUint32(release) / 4) * 4;
}

/**
 * The memo of 2010 gave uuid a length word. Such a record is recognised by what follows: only then does all of it add
 * up.
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
  /** In textual order; all zero where unknown. */
  uuid,
  machine_type: uint32,
  os_name: uint32,
  os_release: string(32),
});
