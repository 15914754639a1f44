// A key and a value of a decoded datagram, formatted for a line of text and for a member of a JSON object.

import { showAddress } from "../../sflow/address.ts";
import type { Type } from "../../xdr/type.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Pair {
  readonly key: string;
  /** The value for text; absent if only JSON has the pair. In text a list is flat pairs, in JSON one nested pair. */
  readonly text?: string;
  /** The value for JSON; absent if only text has the pair. */
  readonly json?: Json;
}

type Shown = Required<Omit<Pair, "key">>;

export const pair = (key: string, value: string | number | bigint): Pair => ({
  key,
  ...(typeof value === "string" ? shownString(value) : shownNumber(value)),
});

/** Formats a value by its type. An unknown value is null in JSON. In text it is the number on the wire, all ones. */
export function typedPair(key: string, type: Type<unknown>, value: unknown): Pair {
  return { key, ...shown(type.name, value) };
}

const ALL_ONES = {
  counter32: "4294967295",
  "unsigned int or unknown": "4294967295",
  counter64: "18446744073709551615",
};

function shown(type: string, value: unknown): Shown {
  if (value === undefined) return { text: unknownText(type), json: null };
  if (value instanceof Uint8Array) return shownBytes(type, value);
  if (type === "percentage") return { text: (Number(value) / 100).toFixed(2), json: Number(value) / 100 };
  if (type === "float" || type === "double" || type === "load average") return shownFloat(Number(value));
  return typeof value === "string" ? shownString(value) : shownNumber(value as number | bigint);
}

const unknownText = (type: string): string =>
  type === "load average" ? "-1.000" : (ALL_ONES[type as keyof typeof ALL_ONES] ?? "unknown");

/** Formats a number beyond 2^53 as a string in JSON, because most JSON parsers would round the number. */
const shownNumber = (value: number | bigint): Shown => {
  const text = String(value);
  return { text, json: Number.isSafeInteger(Number(value)) ? Number(value) : text };
};

/** Formats NaN and infinity as strings, because JSON has no such numbers. */
const shownFloat = (value: number): Shown =>
  Number.isFinite(value) ? { text: value.toFixed(3), json: value } : { text: String(value), json: String(value) };

/** Escapes control characters in text, because a line break would begin another pair. */
const shownString = (value: string): Shown => ({
  text: escaped(value),
  json: value,
});

const escaped = (value: string): string =>
  value.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => `\\u${digits(character.charCodeAt(0), 4)}`);

function shownBytes(type: string, value: Uint8Array): Shown {
  if (type === "address" && value.length === 0) return { text: "unknown", json: null };
  const text = bytesText(type, value);
  return { text, json: text };
}

function bytesText(type: string, value: Uint8Array): string {
  if (type === "mac") return hex(value);
  return type === "address" || type.startsWith("ip_") ? showAddress(value) : dashedHex(value);
}

const digits = (value: number, width: number): string => value.toString(16).padStart(width, "0");

/** The two hex digits of each byte value. Computed once, because most of the output is packet headers in hex. */
const BYTES = Array.from({ length: 256 }, (_, byte) => digits(byte, 2));
const DASHED = BYTES.map((byte) => `-${byte.toUpperCase()}`);

function spelled(value: Uint8Array, spelling: readonly string[]): string {
  let text = "";
  for (const byte of value) text += spelling[byte];
  return text;
}

export const hex = (value: Uint8Array): string => spelled(value, BYTES);

/** Formats bytes as sflowtool does: `08-00-45`. */
export const dashedHex = (value: Uint8Array): string => spelled(value, DASHED).slice(1);

/** Formats a UUID of any version and variant. See RFC 9562. */
export const uuidText = (value: Uint8Array): string =>
  hex(value).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
