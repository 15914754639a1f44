// Option values that are numbers: decimal, 0x hexadecimal, 0 octal, and the decimal suffixes K M G T P.

import { type About, type Option, option, ValueError } from "./option.ts";

const MULTIPLES: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };

/** Returns undefined for any other text than a whole number, such as a number with other letters after it. */
export function parseInteger(text: string, suffixes = "KMG"): number | undefined {
  const match = /^(0x[0-9a-f]+|\d+)([kmgtp]?)$/i.exec(text);
  const [, digits = "", letter = ""] = match ?? [];
  const multiple =
    letter === "" || suffixes.includes(letter.toUpperCase()) ? MULTIPLES[letter.toUpperCase()] : undefined;
  if (match === null || multiple === undefined) return undefined;
  const octal = /^0\d/.test(digits);
  if (octal && /[89]/.test(digits)) return undefined;
  return (octal ? Number.parseInt(digits, 8) : Number(digits)) * multiple;
}

const noteOctal = (text: string): string | undefined =>
  /^0\d/.test(text) ? `a leading 0 makes ${text} octal, which is ${parseInteger(text)}` : undefined;

function nearestInteger(text: string, min: number, max: number): string | undefined {
  const digits = /^\d+/.exec(text)?.[0];
  const value = digits === undefined ? Number.NaN : Number(digits);
  return value >= min && value <= max && /^\d+[a-oq-su-z/%]*$/i.test(text) ? String(value) : undefined;
}

export function integer<D extends number | undefined>(
  about: About<D> & { readonly min: number; readonly max: number },
): Option<number | D> {
  const { min, max, ...rest } = about;
  const read = (text: string): number => {
    const value = parseInteger(text);
    const expected = `a whole number from ${min} to ${max}`;
    if (value === undefined) throw new ValueError(expected, nearestInteger(text, min, max));
    if (value < min || value > max) throw new ValueError(expected);
    return value;
  };
  return { ...option<number, D>(`integer ${min}-${max}`, rest, read), note: noteOctal };
}

/** Reads a probability. hsflowd requires a leading digit; `.0025` is accepted here too. */
export function fraction<D extends number | undefined>(about: About<D>): Option<number | D> {
  return option<number, D>("number 0-1", about, (text) => {
    const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    const inverse = value > 1 && Number.isFinite(value) ? String(Number((1 / value).toPrecision(6))) : undefined;
    if (!(value >= 0 && value <= 1)) throw new ValueError("a number from 0 to 1", inverse);
    return value;
  });
}

/** A range that includes both ends. `to` is infinite for a range without an upper end. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Reads a range: `10G` (only 10G), `1G-` (1G or more) or `1G-40G`. */
export function range<D extends Range | undefined>(about: About<D>): Option<Range | D> {
  return option<Range, D>("range A, A- or A-B", about, (text) => {
    const [, low = "", dash = "", high = ""] = /^([^-]+)(-?)(.*)$/.exec(text) ?? [];
    const from = parseInteger(low, "KMGTP");
    const to = dash === "" ? from : high === "" ? Number.POSITIVE_INFINITY : parseInteger(high, "KMGTP");
    const expected = "a range such as 1G, 1G- or 1G-40G";
    if (from === undefined || to === undefined) throw new ValueError(expected);
    if (to < from) throw new ValueError(`${expected}, the lower end first`, `${high}-${low}`);
    return { from, to };
  });
}
