// One fact of a decoded datagram: a line of text and a member of a JSON object, under one key.

import { showAddress } from "../../sflow/address.ts";
import type { Type } from "../../xdr/type.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Without `text` it is only in the JSON, without `json` only in the text: lists are nested in one and flat in the
 * other.
 */
export interface Pair {
  readonly key: string;
  readonly text?: string;
  readonly json?: Json;
}

type Shown = Required<Omit<Pair, "key">>;

export const pair = (key: string, value: string | number | bigint): Pair => ({
  key,
  ...(typeof value === "string" ? shownString(value) : shownNumber(value)),
});

/** How a value of the tables is shown: unknown is null in JSON, and in text the all ones that are on the wire. */
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

/** Beyond 2^53 a JSON number is rounded by most readers: such a number is a string. */
const shownNumber = (value: number | bigint): Shown => {
  const text = String(value);
  return { text, json: Number.isSafeInteger(Number(value)) ? Number(value) : text };
};

/** JSON has no word for NaN and infinity. */
const shownFloat = (value: number): Shown =>
  Number.isFinite(value) ? { text: value.toFixed(3), json: value } : { text: String(value), json: String(value) };

/** Control characters are escaped in text, where a line break would begin another fact. */
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

/** Two digits of every byte: headers are most of what is printed. */
const BYTES = Array.from({ length: 256 }, (_, byte) => digits(byte, 2));
const DASHED = BYTES.map((byte) => `-${byte.toUpperCase()}`);

function spelled(value: Uint8Array, spelling: readonly string[]): string {
  let text = "";
  for (const byte of value) text += spelling[byte];
  return text;
}

export const hex = (value: Uint8Array): string => spelled(value, BYTES);

/** As sflowtool prints bytes: `08-00-45`. */
export const dashedHex = (value: Uint8Array): string => spelled(value, DASHED).slice(1);

/** In textual order, without regard to version and variant. RFC 9562. */
export const uuidText = (value: Uint8Array): string =>
  hex(value).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
