// Reads an object of a message as a record of sFlow: its keys are the names of the fields in the specification.

import type { RecordKind, RecordType } from "../../sflow/record.ts";
import type { Type } from "../../xdr/type.ts";
import { Shape } from "./shape.ts";
import { float, ipAddress, object, type Read, text, whole } from "./values.ts";

const MOST_32 = 0xffff_ffff;
const RANGE_32 = 2 ** 32;
const MOST_64 = 2n ** 64n - 1n;

/** Web servers write an empty string or a dash for a number that they do not know. */
export const unlessEmpty =
  (read: Read): Read =>
  (value) =>
    value === "" || value === "-" ? undefined : read(value);

const whole64 = whole(0, MOST_64, true);

/** Keeps the low 32 bits of a larger counter, because collectors compute modulo 2^32. */
function counter(value: unknown): number {
  const count: number | bigint = whole64(value);
  return typeof count === "bigint" ? Number(count % BigInt(RANGE_32)) : count % RANGE_32;
}

/** The readers of fields, by the name of the field's type in the specification. */
const READERS: Readonly<Record<string, Read>> = {
  "unsigned int": unlessEmpty(whole(0, MOST_32, true)),
  int: unlessEmpty(whole(-0x8000_0000, 0x7fff_ffff, true)),
  "unsigned hyper": unlessEmpty(whole64),
  counter32: unlessEmpty(counter),
  counter64: unlessEmpty(whole64),
  ip_v4: ipAddress(4),
  ip_v6: ipAddress(16),
};

const readerOf = ({ name }: Type<unknown>): Read | undefined =>
  READERS[name] ?? (/^string/.test(name) ? text : undefined);

/** A duration, in microseconds or in seconds. A longer one than the field can hold is sent as the longest. */
export const DURATION: Readonly<Record<string, Read>> = {
  uS: unlessEmpty((value) => Math.min(Number(whole64(value)), MOST_32)),
  seconds: unlessEmpty((value) => {
    const microseconds = Math.round((float(false)(value) as number) * 1e6);
    whole64(microseconds);
    return Math.min(microseconds, MOST_32);
  }),
};

/** Keys that are another spelling or unit of a field. */
const AS = { seconds: "uS", mime_type: "mime-type" };

/**
 * Makes a reader of a record. Fields that are absent have the value that the specification defines for unknown. `more`
 * has further keys, and other readers for fields.
 */
export function recordReader<T>(
  type: RecordType<RecordKind, T>,
  more: Readonly<Record<string, Read>> = {},
): (value: unknown) => T & Readonly<Record<string, unknown>> {
  const fields = Object.entries(type.fields as Readonly<Record<string, Type<unknown>>>);
  const known = fields.flatMap(([key, field]) => {
    const read = readerOf(field);
    return read === undefined ? [] : [[key, read] as const];
  });
  const shape = new Shape<string>({ ...Object.fromEntries(known), ...more }, AS);
  return (value) =>
    shape.read(object(value), { ...(type.unknown as Record<string, unknown>) }) as T &
      Readonly<Record<string, unknown>>;
}
