// Option values that are numbers, as hsflowd reads them: see strtol(3) with base 0, and strtod(3). A suffix K M G T P
// multiplies. What follows the digits is ignored, with a warning.

import { quote } from "./error.ts";
import { type About, type Note, type Option, option, ValueError } from "./option.ts";

const MULTIPLES: Readonly<Record<string, bigint>> = {
  K: 10n ** 3n,
  M: 10n ** 6n,
  G: 10n ** 9n,
  T: 10n ** 12n,
  P: 10n ** 15n,
};

/** A number at the beginning of a text. */
export interface Prefix {
  readonly value: bigint;
  /** The part of the text that is neither a digit nor the suffix. */
  readonly ignored: string;
}

/** strtol(3) returns this for any larger number. */
const LARGEST = 2n ** 63n - 1n;

const digitsOf = (text: string): string => /^(?:0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text)?.[0] ?? "";

function numberOf(digits: string): bigint {
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return value > LARGEST ? LARGEST : value;
}

/** Reads the number at the beginning of `text`. The last character multiplies if it is one of `suffixes`. */
export function readPrefix(text: string, suffixes: string): Prefix {
  const last = text.slice(-1).toUpperCase();
  const multiple = last !== "" && suffixes.includes(last) ? MULTIPLES[last] : undefined;
  const plain = multiple === undefined ? text : text.slice(0, -1);
  const digits = digitsOf(plain);
  return { value: numberOf(digits) * (multiple ?? 1n), ignored: plain.slice(digits.length) };
}

const startsWithDigit = (text: string): boolean => /^\d/.test(text);

/** Returns undefined for any other text than a whole number, such as a number with other letters after it. */
export function parseInteger(text: string, suffixes = "KMG"): number | undefined {
  if (!startsWithDigit(text)) return undefined;
  const { value, ignored } = readPrefix(text, suffixes);
  return ignored === "" ? Number(value) : undefined;
}

/** Returns the number that was probably meant: 1000 for `1,000` or `1OOO`, 2500000000 for `2.5G`, .0025 for `1/400`. */
function meantBy(text: string): string | undefined {
  if (/^\d+[\dOolI]*$/.test(text)) return String(Number(text.replace(/O/gi, "0").replace(/[lI]/g, "1")));
  if (/^\d{1,3}([,'_]\d{3})+$/.test(text)) return text.replace(/[,'_]/g, "");
  const [, decimal = "", unit = ""] = /^(\d+\.\d{1,3})([KMGTP])$/i.exec(text) ?? [];
  if (decimal !== "") return String(Number(decimal) * Number(MULTIPLES[unit.toUpperCase()]));
  const [, dividend = "", divisor = ""] = /^(\d+)\/([1-9]\d*)$/.exec(text) ?? [];
  return divisor === "" ? undefined : showFraction(Number(dividend) / Number(divisor));
}

const showFraction = (value: number): string => String(Number(value.toPrecision(6)));

/** Returns a warning that a value is read as `shown`, for a reason that completes "because". */
const readAs = (text: string, shown: string, because: string, nearest = meantBy(text)): Note => ({
  message: `${quote(text)} is read as ${shown}, because ${because}`,
  remedy: `write ${shown}`,
  ...(nearest === undefined || nearest === shown ? {} : { nearest }),
});

const ignoring = (text: string, ignored: string): string =>
  /^0[0-7]*[89]/.test(text)
    ? `a leading 0 makes it octal, which has no digit ${ignored[0]}`
    : `hsflowd ignores ${quote(ignored)}`;

/** hsflowd keeps the lower 32 bits of a number. */
const to32Bits = (value: bigint): number => Number(BigInt.asUintN(32, value));

function noteInteger(text: string): Note | undefined {
  const { value, ignored } = readPrefix(text, "KMG");
  const shown = String(to32Bits(value));
  if (ignored !== "") return readAs(text, shown, ignoring(text, ignored));
  if (String(value) !== shown) return readAs(text, shown, "hsflowd keeps 32 bits of a number", shown);
  if (/^0\d/.test(text))
    return { message: `a leading 0 makes ${text} octal, which is ${shown}`, remedy: `write ${shown}` };
  return undefined;
}

export function integer<D extends number | undefined>(
  about: About<D> & { readonly min: number; readonly max: number },
): Option<number | D> {
  const { min, max, ...rest } = about;
  const read = (text: string): number => {
    const value = startsWithDigit(text) ? to32Bits(readPrefix(text, "KMG").value) : Number.NaN;
    if (!(value >= min && value <= max)) throw new ValueError(`a whole number from ${min} to ${max}`);
    return value;
  };
  return { ...option<number, D>(`integer ${min}-${max}`, rest, read), note: noteInteger };
}

const DECIMAL = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;
const HEXADECIMAL = /^0x(?=\.?[0-9a-f])([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?/i;

/** Reads the number at the beginning of a text as strtod(3) does; NaN if there is none. */
function readFloat(text: string): { readonly value: number; readonly ignored: string } {
  const [hex, whole = "", part = "", power = "0"] = HEXADECIMAL.exec(text) ?? [];
  if (hex !== undefined) {
    const value = (Number.parseInt(whole + part, 16) / 16 ** part.length) * 2 ** Number(power);
    return { value, ignored: text.slice(hex.length) };
  }
  const [decimal = ""] = DECIMAL.exec(text) ?? [];
  return { value: decimal === "" ? Number.NaN : Number(decimal), ignored: text.slice(decimal.length) };
}

function noteFraction(text: string): Note | undefined {
  const { value, ignored } = readFloat(text);
  if (ignored === "") return undefined;
  return readAs(
    text,
    String(value),
    `hsflowd ignores ${quote(ignored)}`,
    ignored === "%" ? showFraction(value / 100) : undefined,
  );
}

/** Reads a probability. hsflowd requires a leading digit; `.0025` is accepted here too. */
export function fraction<D extends number | undefined>(about: About<D>): Option<number | D> {
  const read = (text: string): number => {
    const { value, ignored } = readFloat(text);
    if (value >= 0 && value <= 1) return value;
    const percent = ignored === "%" && value <= 100 ? value / 100 : 1 / value;
    throw new ValueError("a number from 0 to 1", Number.isFinite(value) ? showFraction(percent) : undefined);
  };
  return { ...option<number, D>("number 0-1", about, read), note: noteFraction };
}

/** A range that includes both ends. `to` is infinite for a range without an upper end. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Reads `1G-40G`. As in hsflowd, an upper end of 0 means that there is none, so only one speed is in the range. */
function readRange(text: string): Range & { readonly ignored: string } {
  const [low = "", ...rest] = text.split("-");
  const [lower, upper] = [readPrefix(low, "KMGTP"), readPrefix(rest.join("-"), "KMGTP")];
  const from = Number(lower.value);
  const to = text.endsWith("-") && rest.length === 1 ? Number.POSITIVE_INFINITY : Number(upper.value) || from;
  return { from, to, ignored: lower.ignored || upper.ignored };
}

const showRange = ({ from, to }: Range): string =>
  from === to ? String(from) : `${from}-${to === Number.POSITIVE_INFINITY ? "" : to}`;

function noteRange(text: string): Note | undefined {
  const { ignored, ...read } = readRange(text);
  if (ignored !== "") return readAs(text, showRange(read), `hsflowd ignores ${quote(ignored)}`);
  if (read.from <= read.to) return undefined;
  const [low = "", high = ""] = text.split("-");
  return { message: `no speed is in the range ${quote(text)}: its lower end comes last`, nearest: `${high}-${low}` };
}

/** Reads a range: `10G` (only 10G), `1G-` (1G or more) or `1G-40G`. */
export function range<D extends Range | undefined>(about: About<D>): Option<Range | D> {
  const read = (text: string): Range => {
    if (!startsWithDigit(text)) throw new ValueError("a range such as 1G, 1G- or 1G-40G");
    const { from, to } = readRange(text);
    return { from, to };
  };
  return { ...option<Range, D>("range A, A- or A-B", about, read), note: noteRange };
}
