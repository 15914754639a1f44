// Explains a text that looks like an address and is none: the reason, and the address that was probably meant. See
// inet_aton(3) for older forms of IPv4, and RFC 4291, section 2.2, for IPv6.

import { parseAddress } from "./address.ts";

/** Why a text is not an address. */
export interface AddressMistake {
  /** A clause about the text: "it has 7 groups instead of 8". */
  readonly reason: string;
  /** The address that was probably meant. */
  readonly nearest?: string | undefined;
}

const isAddress = (text: string): boolean => parseAddress(text) !== undefined;

const validOr = (text: string): string | undefined => (isAddress(text) ? text : undefined);

/** Letters that are mistaken for digits. */
const LOOKALIKES: Readonly<Record<string, string>> = { O: "0", o: "0", l: "1", I: "1", i: "1" };

/** Finds letters in place of digits: `192.0.2.1O`. Two parts of IPv4 must be numbers: `lol.ill.io.li` is a name. */
function lookalike(text: string): AddressMistake | undefined {
  const letter = /[OolIi]/.exec(text)?.[0];
  const nearest = text.replace(/[OolIi]/g, (char) => LOOKALIKES[char] ?? char);
  const isCertain = text.includes(":") || text.split(".").filter((part) => PART.test(part)).length > 1;
  if (letter === undefined || !isCertain || !isAddress(nearest)) return undefined;
  return { reason: `it has the letter ${letter} in place of the digit ${LOOKALIKES[letter]}`, nearest };
}

/** Finds characters that are invisible or belong to another script, as in text from a web page. */
function foreign(text: string): AddressMistake | undefined {
  const code = /[^\x21-\x7e]/u.exec(text)?.[0].codePointAt(0);
  if (code === undefined) return undefined;
  const plain = text.normalize("NFKC").replace(/[^\x21-\x7e]/gu, "");
  return { reason: `it contains U+${code.toString(16).toUpperCase().padStart(4, "0")}`, nearest: validOr(plain) };
}

const PART = /^(?:0x[0-9a-f]+|\d+)$/i;

/** Returns the value of a part as inet_aton(3) reads it: hexadecimal, octal or decimal; NaN for `08`. */
const partValue = (part: string): number =>
  /^0\d/.test(part) ? (/[89]/.test(part) ? Number.NaN : Number.parseInt(part, 8)) : Number(part);

/** Returns the address that inet_aton(3) reads from one to four parts, of which the last fills the remaining bytes. */
function olderForm(parts: readonly string[]): string | undefined {
  const values = parts.map(partValue);
  const last = values.pop() ?? Number.NaN;
  if (!(last < 256 ** (4 - values.length)) || !values.every((value) => value < 256)) return undefined;
  const rest = [24, 16, 8, 0].slice(values.length).map((shift) => Math.floor(last / 2 ** shift) % 256);
  return [...values, ...rest].join(".");
}

/** Explains numbers with dots. `10.1`, `0x7f.1` and `192.000.002.001` are addresses for some programs only. */
function ofNumbers(text: string): AddressMistake | undefined {
  const parts = text.split(".");
  if (!parts.every((part) => PART.test(part))) return undefined;
  const read = parts.length > 4 ? undefined : olderForm(parts);
  const decimal = validOr(parts.map((part) => (/^\d+$/.test(part) ? String(Number(part)) : part)).join("."));
  const readAs = read === undefined ? "" : ` (some programs read it as ${read})`;
  if (parts.length !== 4) return { reason: `an IPv4 address has 4 parts, not ${parts.length}${readAs}`, nearest: read };
  if (parts.some((part) => /^0x/i.test(part))) return { reason: `a part is hexadecimal${readAs}`, nearest: read };
  if (parts.some((part) => Number(part) > 255)) return { reason: "a part is above 255" };
  if (decimal === read) return { reason: "a part has leading zeros", nearest: decimal };
  const octal = read === undefined ? "" : `, and mean octal in ${read}`;
  const reason = `a part has leading zeros, which are padding in ${decimal}${octal}`;
  return { reason, nearest: read === undefined ? decimal : undefined };
}

/** Explains a text with colons that is not an IPv6 address. */
function ofGroups(text: string): AddressMistake | undefined {
  if (!/^[^./%]*:[^/%]*$/.test(text) || !/:.*:/.test(text)) return undefined;
  if (text.includes(":::"))
    return { reason: "it has three colons in a row", nearest: validOr(text.replace(/:{3,}/, "::")) };
  if (text.split("::").length > 2) return { reason: '"::" may stand in an address only once' };
  const groups = text.split(":").filter((group) => group !== "");
  const wrong = groups.find(
    (group, i) => !/^[0-9a-f]{1,4}$/i.test(group) && !(i === groups.length - 1 && isAddress(group)),
  );
  if (wrong !== undefined) return { reason: `"${wrong}" is not a group of 1 to 4 hexadecimal digits` };
  const count = groups.length + (groups.at(-1)?.includes(".") ? 1 : 0);
  if (/^:[^:]|[^:]:$/.test(text)) return { reason: "it has a single colon at one end" };
  return { reason: text.includes("::") ? `it has ${count} groups and "::"` : `it has ${count} groups instead of 8` };
}

/** Finds what belongs to other settings: a scheme, brackets, a port, a prefix length, a zone, a second address. */
function decorated(text: string): AddressMistake | undefined {
  if (/^[^,]+,[^,]/.test(text)) {
    const dots = text.replaceAll(",", ".");
    return isAddress(dots)
      ? { reason: "its parts are separated by commas", nearest: dots }
      : { reason: "it is a list, and only one value is allowed" };
  }
  const [, scheme = "", bare = text] = /^(\w+:\/\/)?(.*?)\/*$/.exec(text) ?? [];
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(bare) ?? [];
  const [inner = bare, suffix] = (bracketed ?? plain ?? bare).split("/", 2);
  const what = [
    ...(scheme === "" ? [] : ["a scheme"]),
    ...(bracketed === undefined ? [] : ["brackets"]),
    ...(port === undefined ? [] : ["a port"]),
    ...(suffix === undefined ? [] : ["a prefix length"]),
  ];
  if (what.length === 0 || inner === "") return undefined;
  return { reason: `it has ${what.join(" and ")}`, nearest: inner };
}

function ofZone(text: string): AddressMistake | undefined {
  const [address = "", zone] = text.split("%");
  if (zone === undefined || !isAddress(address)) return undefined;
  if (!address.includes(":")) return { reason: "an IPv4 address has no zone", nearest: address };
  return { reason: `after "%" comes the name of one interface` };
}

/** Finds three numbers and something else: `192.0.2.1x`. A last part that begins with a letter is that of a name. */
function almostIPv4(text: string): AddressMistake | undefined {
  const parts = text.split(".");
  const other = parts.filter((part) => !PART.test(part));
  if (parts.length !== 4 || other.length !== 1 || !/^\d/.test(parts[3] ?? "")) return undefined;
  return { reason: `"${other[0]}" is not a number` };
}

/** Explains a text that is an IPv4 address for some programs, or that nobody would choose as a host name. */
export const ipv4Mistake = (text: string): AddressMistake | undefined =>
  lookalike(text) ?? ofNumbers(text) ?? almostIPv4(text);

/**
 * Explains a text that looks like an address and is none. Returns undefined for a text that does not look like one. The
 * caller checks whether `nearest` is valid.
 */
export const addressMistake = (text: string): AddressMistake | undefined =>
  foreign(text) ??
  lookalike(text) ??
  ofNumbers(text) ??
  ofZone(text) ??
  decorated(text) ??
  ofGroups(text) ??
  almostIPv4(text);
