// Prints values by their type on the wire.

import type { Type } from "../../xdr/type.ts";
import type { Pairs } from "./pairs.ts";

export type Show = (pairs: Pairs, key: string, value: unknown) => void;

const number: Show = (pairs, key, value) => pairs.number(key, value as number | bigint);

/** An unknown value is `unknown` in text: the number on the wire. */
const numberOr =
  (unknown: string): Show =>
  (pairs, key, value) => {
    if (value === undefined) pairs.unknown(key, unknown);
    else pairs.number(key, value as number | bigint);
  };

const float: Show = (pairs, key, value) => pairs.float(key, value as number);

const loadAverage: Show = (pairs, key, value) => {
  if (value === undefined) pairs.unknown(key, "-1.000");
  else pairs.float(key, value as number);
};

const percentage: Show = (pairs, key, value) => {
  if (value === undefined) pairs.unknown(key, "unknown");
  else pairs.float(key, (value as number) / 100, 2);
};

const address: Show = (pairs, key, value) => pairs.address(key, value as Uint8Array);

const shows: ReadonlyMap<string, Show> = new Map<string, Show>([
  ["counter32", numberOr("4294967295")],
  ["unsigned int or unknown", numberOr("4294967295")],
  ["counter64", numberOr("18446744073709551615")],
  ["percentage", percentage],
  ["load average", loadAverage],
  ["float", float],
  ["double", float],
  ["address", address],
  ["ip_v4", address],
  ["ip_v6", address],
  ["mac", (pairs, key, value) => pairs.hex(key, value as Uint8Array)],
]);

/** Returns the function that prints values of a type. */
export function showOf({ name }: Type<unknown>): Show {
  if (name.startsWith("string")) return (pairs, key, value) => pairs.text(key, value as string);
  if (name.startsWith("opaque")) return (pairs, key, value) => pairs.dashed(key, value as Uint8Array);
  return shows.get(name) ?? number;
}
