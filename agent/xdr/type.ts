// The primitive types of XDR, each with an encoder and a decoder. struct.ts composes structures of them. See RFC 4506.

import { type Cursor, XdrError } from "./cursor.ts";

export interface Type<T> {
  /** The name in the specification: `unsigned int`, `counter64`, `string<64>`. */
  readonly name: string;
  /** The value of a field that an older, shorter revision of its structure lacks. */
  readonly unknown: T;
  put(cursor: Cursor, value: T): void;
  take(cursor: Cursor): T;
}

export type ValueOf<X> = X extends Type<infer T> ? T : never;

/** A counter. `undefined` means unavailable, and is all ones on the wire, not zero. */
export type Counter = number | undefined;
export type Counter64 = number | bigint | undefined;

export const uint32: Type<number> = {
  name: "unsigned int",
  unknown: 0,
  put: (cursor, value) => cursor.putUint32(value),
  take: (cursor) => cursor.takeUint32(),
};

export const int32: Type<number> = {
  name: "int",
  unknown: 0,
  put: (cursor, value) => cursor.putUint32(value),
  take: (cursor) => cursor.takeInt32(),
};

export const uint64: Type<number | bigint> = {
  name: "unsigned hyper",
  unknown: 0,
  put: (cursor, value) => cursor.putUint64(value),
  take: (cursor) => cursor.takeUint64(),
};

/** A 32-bit counter. Of a wider kernel counter, the low 32 bits are sent. */
export const counter32: Type<Counter> = {
  name: "counter32",
  unknown: undefined,
  put: (cursor, value) => cursor.putUint32(value === undefined ? 0xffff_ffff : value % 0x1_0000_0000),
  take: (cursor) => {
    const value = cursor.takeUint32();
    return value === 0xffff_ffff ? undefined : value;
  },
};

const ALL_ONES_64 = 0xffff_ffff_ffff_ffffn;

export const counter64: Type<Counter64> = {
  name: "counter64",
  unknown: undefined,
  put: (cursor, value) => cursor.putUint64(value === undefined ? ALL_ONES_64 : value),
  take: (cursor) => {
    const value = cursor.takeUint64();
    return value === ALL_ONES_64 ? undefined : value;
  },
};

/** A percentage in hundredths of a percent. Unknown is -1 on the wire. */
export const percentage: Type<number | undefined> = {
  name: "percentage",
  unknown: undefined,
  put: (cursor, value) => cursor.putUint32(value === undefined ? 0xffff_ffff : value),
  take: (cursor) => {
    const value = cursor.takeInt32();
    return value === -1 ? undefined : value;
  },
};

export const float: Type<number> = {
  name: "float",
  unknown: 0,
  put: (cursor, value) => cursor.putFloat(value),
  take: (cursor) => cursor.takeFloat(),
};

export const double: Type<number> = {
  name: "double",
  unknown: 0,
  put: (cursor, value) => cursor.putDouble(value),
  take: (cursor) => cursor.takeDouble(),
};

export function opaque(limit?: number): Type<Uint8Array> {
  return {
    name: limit === undefined ? "opaque<>" : `opaque<${limit}>`,
    unknown: new Uint8Array(0),
    put: (cursor, value) => cursor.putOpaque(limit === undefined ? value : value.subarray(0, limit)),
    take: (cursor) => cursor.takeOpaque(),
  };
}

export function fixedOpaque(length: number): Type<Uint8Array> {
  return {
    name: `opaque[${length}]`,
    unknown: new Uint8Array(length),
    put: (cursor, value) => {
      if (value.length !== length) throw new XdrError(`opaque[${length}] has ${value.length} bytes`);
      cursor.putFixed(value);
    },
    take: (cursor) => cursor.takeFixed(length),
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Returns the longest prefix of at most `limit` bytes that does not end inside a UTF-8 character. */
function clip(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length <= limit) return bytes;
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** Truncates a text to `limit` bytes of UTF-8, as encoding it as `string<limit>` does. */
export const clipText = (text: string, limit: number): string => decoder.decode(clip(encoder.encode(text), limit));

/** A string of at most `limit` bytes. Decodes bytes that are not UTF-8 to replacement characters, without an error. */
export function string(limit?: number): Type<string> {
  return {
    name: limit === undefined ? "string<>" : `string<${limit}>`,
    unknown: "",
    put: (cursor, value) => {
      const bytes = encoder.encode(value);
      cursor.putOpaque(limit === undefined ? bytes : clip(bytes, limit));
    },
    take: (cursor) => decoder.decode(cursor.takeOpaque()),
  };
}

export interface ArrayType<T> extends Type<readonly T[]> {
  readonly element: Type<T>;
}

/** An array. Its count is compared with the remaining bytes before memory is allocated. */
export function array<T>(element: Type<T>): ArrayType<T> {
  return {
    element,
    name: `${element.name}<>`,
    unknown: [],
    put: (cursor, values) => {
      cursor.putUint32(values.length);
      for (const value of values) element.put(cursor, value);
    },
    take: (cursor) => {
      const count = cursor.takeUint32();
      if (count > cursor.left >>> 2)
        throw new XdrError(`${count} elements do not fit in the ${cursor.left} bytes left`);
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(element.take(cursor));
      return values;
    },
  };
}
