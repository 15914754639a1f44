// Reads the values of a message. Numbers may be strings, as in hsflowd: `7`, `"7"` and `"0x7"` are the same.

import { parseAddress } from "../../config/address.ts";
import { isObject, type JsonObject, LONG_NUMBER } from "./document.ts";
import { Fault, showValue } from "./fault.ts";

/** Returns the value of a key, or throws a Fault. */
export type Read = (value: unknown) => unknown;

const expected = (what: string, value: unknown): string => `expected ${what}, got ${showValue(value)}`;

export function wrongType(what: string, value: unknown): Fault {
  return new Fault("WrongType", expected(what, value));
}

export const badValue = (what: string, value: unknown): Fault => new Fault("BadValue", expected(what, value));

export function text(value: unknown): string {
  if (typeof value !== "string" || value.startsWith(LONG_NUMBER)) throw wrongType("a string", value);
  return value;
}

export function flag(value: unknown): boolean {
  if (typeof value !== "boolean") throw wrongType("true or false", value);
  return value;
}

export function object(value: unknown): JsonObject {
  if (!isObject(value)) throw wrongType("an object", value);
  return value;
}

const WHOLE = /^([+-]?)(?:0x([0-9a-f]+)|0([0-7]+)|(\d+))$/i;
const BASES = ["0x", "0o", ""];

/** Reads a whole number of a text as strtoull(3) does with base 0. Returns undefined for another text. */
function parseWhole(digits: string): number | bigint | undefined {
  const [, sign, ...groups] = WHOLE.exec(digits.trim()) ?? [];
  const base = groups.findIndex((group) => group !== undefined);
  if (base < 0) return undefined;
  const size = BigInt(`${BASES[base]}${groups[base]}`);
  return sign === "-" ? -size : size;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads a number of JSON or of a string; undefined if the value is neither. Numbers that may be long are bigints. */
function parseNumber(value: unknown): number | bigint | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const digits = value.startsWith(LONG_NUMBER) ? value.slice(1) : value;
  return parseWhole(digits) ?? (DECIMAL.test(digits.trim()) ? Number(digits) : undefined);
}

function anyNumber(what: string, value: unknown): number | bigint {
  const number = parseNumber(value);
  if (number !== undefined) return number;
  throw typeof value === "string" && !value.startsWith(LONG_NUMBER) ? badValue(what, value) : wrongType(what, value);
}

/** Returns a bigint as a number if that is exact. */
const plain = (number: number | bigint): number | bigint =>
  typeof number === "bigint" && number <= Number.MAX_SAFE_INTEGER && number >= Number.MIN_SAFE_INTEGER
    ? Number(number)
    : number;

const isInfinite = (number: number | bigint): boolean => typeof number === "number" && !Number.isFinite(number);

/** Reads a whole number from `least` to `most`. A fraction is refused, or with `truncate` cut off, as in hsflowd. */
export function whole(least: number | bigint, most: number | bigint, truncate = false): (value: unknown) => number {
  const what = `a whole number from ${least} to ${most}`;
  return (value) => {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const read = anyNumber(what, value);
    const number = typeof read === "number" && truncate ? Math.trunc(read) : read;
    if (number < least || number > most || isInfinite(number)) throw badValue(what, value);
    if (typeof number === "number" && !Number.isInteger(number)) throw badValue(what, value);
    return plain(number) as number;
  };
}

/** Reads a finite number that the wire can hold: of single precision, if `single` is true. */
export function float(single: boolean): Read {
  const what = single ? "a number of single precision" : "a number";
  return (value) => {
    const number = Number(anyNumber(what, value));
    if (!Number.isFinite(single ? Math.fround(number) : number)) throw badValue(what, value);
    return number;
  };
}

/** Reads an IP address of `bytes` bytes. */
export function ipAddress(bytes: 4 | 16): (value: unknown) => Uint8Array {
  const what = bytes === 4 ? "an IPv4 address" : "an IPv6 address";
  return (value) => {
    const found = parseAddress(text(value));
    if (found?.length !== bytes) throw badValue(what, value);
    return found;
  };
}

export function macAddress(value: unknown): Uint8Array {
  const digits = text(value).replaceAll(/[:.\-\s]/g, "");
  if (!/^[0-9a-f]{12}$/i.test(digits)) throw badValue("a MAC address", value);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
