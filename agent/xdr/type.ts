// The primitive types of XDR, each with an encoder and a decoder. struct.ts composes structures of them. See RFC 4506.

import { type Cursor, withPart, XdrError } from "./cursor.ts";

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

/** A number that only later revisions of a structure have. */
export const appended32: Type<number | undefined> = {
  ...uint32,
  unknown: undefined,
  put: (cursor, value) => cursor.putUint32(value ?? 0),
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
    take: (cursor) => {
      const length = cursor.takeUint32();
      if (length <= cursor.left) return cursor.takeFixed(length);
      const { at, left, bytes } = cursor;
      const missing = length - left;
      throw new XdrError(`truncated, needs ${missing} more bytes`, at, missing, bytes.slice(at, at + left));
    },
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

/** Decodes UTF-8. Does not use the decoder for ASCII, because it takes longer than the loop for a short text. */
export function decodeText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    if (byte > 0x7f) return decoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** A string of at most `limit` bytes. Decodes bytes that are not UTF-8 to replacement characters, without an error. */
export function string(limit?: number): Type<string> {
  return {
    name: limit === undefined ? "string<>" : `string<${limit}>`,
    unknown: "",
    put: (cursor, value) => {
      const bytes = encoder.encode(value);
      cursor.putOpaque(limit === undefined ? bytes : clip(bytes, limit));
    },
    take: (cursor) => decodeText(cursor.takeOpaque()),
  };
}

export interface ArrayType<T> extends Type<readonly T[]> {
  readonly element: Type<T>;
}

/** An array. Decoding takes no more memory than the bytes left, whatever the count. */
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
      const { at, left } = cursor;
      const values: T[] = [];
      try {
        while (values.length < count) values.push(element.take(cursor));
      } catch (error) {
        const cut = withPart(error, (part) => (part === undefined ? values : [...values, part]));
        if (cut.missing === 0) throw cut;
        throw new XdrError(`${count} elements do not fit in the ${left} bytes left`, at, cut.missing, cut.part);
      }
      return values;
    },
  };
}
