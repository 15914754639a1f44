// Netlink attributes: type, length and value. A value may be nested attributes. See "nlattr" in linux/netlink.h, and
// netlink(7).

import { align, LITTLE_ENDIAN } from "./message.ts";

const HEADER_BYTES = 4;
/** Mask of the type. The two top bits mean "nested" and "network order"; the kernel sets "nested" only sometimes. */
const TYPE = 0x3fff;

/** A function that is called for an attribute. The value has `length` bytes at `at`. */
export type VisitAttribute = (type: number, at: number, length: number) => void;

/** Visits the attributes between two offsets. Stops at an attribute with a wrong length: the next cannot be found. */
export function eachAttribute(view: DataView, start: number, end: number, visit: VisitAttribute): void {
  const last = Math.min(end, view.byteLength);
  let at = start;
  while (at + HEADER_BYTES <= last) {
    const length = view.getUint16(at, LITTLE_ENDIAN);
    if (length < HEADER_BYTES || at + length > last) return;
    visit(view.getUint16(at + 2, LITTLE_ENDIAN) & TYPE, at + HEADER_BYTES, length - HEADER_BYTES);
    at += align(length);
  }
}

/** Reads an unsigned number of 4, 2 or 1 bytes, according to the length of the attribute; 0 if it is empty. */
export function unsigned(view: DataView, at: number, length: number): number {
  if (length >= 4) return view.getUint32(at, LITTLE_ENDIAN);
  if (length >= 2) return view.getUint16(at, LITTLE_ENDIAN);
  return length === 1 ? view.getUint8(at) : 0;
}

/** Reads an unsigned number of 64 bits. Exact to 2^53. */
export const unsigned64 = (view: DataView, at: number): number => {
  const low = view.getUint32(at + (LITTLE_ENDIAN ? 0 : 4), LITTLE_ENDIAN);
  return low + view.getUint32(at + (LITTLE_ENDIAN ? 4 : 0), LITTLE_ENDIAN) * 0x1_0000_0000;
};

/** Returns a copy of the bytes, because the memory of the datagram is reused. */
export const bytesOf = (view: DataView, at: number, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, length).slice();

const decoder = new TextDecoder();

/** Reads UTF-8 up to the first zero byte. Accepts invalid UTF-8, because names of interfaces may be any bytes. */
export function textOf(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  const zero = bytes.indexOf(0);
  return decoder.decode(zero < 0 ? bytes : bytes.subarray(0, zero));
}

/** Returns an attribute to send, padded. The value of a nested attribute is a sequence of attributes. */
export function makeAttribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(align(HEADER_BYTES + value.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, HEADER_BYTES + value.length, LITTLE_ENDIAN);
  view.setUint16(2, type, LITTLE_ENDIAN);
  bytes.set(value, HEADER_BYTES);
  return bytes;
}

/** Encodes a text as the value of an attribute: UTF-8, then a zero byte. */
export const makeText = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

export function makeUint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, LITTLE_ENDIAN);
  return bytes;
}
