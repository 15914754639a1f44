// Option values that are addresses, host names, or CIDR prefixes, where `!` excludes.

import { type CidrRule, isName, parseAddress } from "./address.ts";
import { type AddressMistake, addressMistake, ipv4Mistake } from "./address-mistake.ts";
import { quote } from "./error.ts";
import { readPrefix } from "./number.ts";
import { type About, type Note, type Option, option, ValueError } from "./option.ts";

const ADDRESS = "an IPv4 address, an IPv6 address or a host name";

/** Tells whether a text is an IPv6 address with a zone, `fe80::1%eth0`. See RFC 4007, section 11. */
function isZoned(text: string): boolean {
  const [address = "", zone = ""] = text.split(/%(.*)/s);
  return address.includes(":") && parseAddress(address) !== undefined && /^[^%/:\s]+$/.test(zone);
}

const isHost = (text: string): boolean =>
  parseAddress(text) !== undefined || isZoned(text) || (isName(text) && ipv4Mistake(text) === undefined);

/** Makes the error of a text that is not an address. Suggests only what `isValid` accepts. */
function mistakenAs(
  expected: string,
  mistake: AddressMistake | undefined,
  isValid: (text: string) => boolean,
): ValueError {
  const { reason, nearest } = mistake ?? {};
  return new ValueError(expected, nearest !== undefined && isValid(nearest) ? nearest : undefined, reason);
}

/** Returns the text of an address or a host name. Throws ValueError. */
export function readHost(text: string): string {
  if (isHost(text)) return text;
  throw mistakenAs(ADDRESS, addressMistake(text), isHost);
}

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Returns the IPv4 address in `::ffff:192.0.2.1`. */
function mappedAddress(text: string): string | undefined {
  const bytes = parseAddress(text);
  const isMapped = bytes?.length === 16 && MAPPED.every((byte, i) => bytes[i] === byte);
  return isMapped ? bytes.slice(12).join(".") : undefined;
}

/** Returns a warning about a host name that looks like an address, and about IPv4 in the form of IPv6. */
function noteHost(text: string): Note | undefined {
  const mapped = mappedAddress(text);
  if (mapped !== undefined)
    return { message: `${quote(text)} is an IPv4 address in the form of IPv6`, nearest: mapped };
  if (parseAddress(text) !== undefined || isZoned(text)) return undefined;
  const dotted = text.replace(/[-_]/g, ".");
  const isLike = /^[\d.]+$/.test(dotted) || /^\d+\.\d+\.[^.]+(\.[^.]+)?$/.test(text) || /\.\d[^.]*\.?$/.test(text);
  if (!isLike) return undefined;
  const nearest = parseAddress(dotted) === undefined ? {} : { nearest: dotted };
  return { message: `${quote(text)} is read as a host name, although it looks like an address`, ...nearest };
}

/** Reads an address or a host name. Returns the text, because a host name is resolved at each use, not here. */
export const address = <D extends string | undefined>(about: About<D>): Option<string | D> => ({
  ...option<string, D>("address", about, readHost),
  note: noteHost,
});

/** Returns the number of leading one bits, or undefined if a one follows a zero. */
function maskLength(mask: Uint8Array): number | undefined {
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const ones = bits.indexOf("0");
  if (ones < 0) return bits.length;
  return bits.includes("1", ones) ? undefined : ones;
}

const CIDR = "a prefix such as 10.0.0.0/8, 2001:db8::/32 or !172.17.0.0/16";

/** Splits `!10.0.0.0/8`. A list has no such parts. */
function partsOf(text: string) {
  const [, not = "", prefix = "", length] = /^(!?)([^/]*)(?:\/(.*))?$/s.exec(text) ?? [];
  return { exclude: not === "!", prefix, length, not };
}

/** Returns the length after the slash, given in bits or as a mask; a text says why there is none. */
function lengthOf(length: string, bits: number): number | string {
  if (!/[.:]/.test(length)) {
    const count = Number(readPrefix(length, "").value);
    return count <= bits ? count : `its length is above ${bits}`;
  }
  const mask = parseAddress(length);
  if (mask === undefined) return addressMistake(length)?.reason ?? "its mask is not an address";
  if (mask.length * 8 !== bits) return "its mask is of another family";
  return maskLength(mask) ?? "its mask has a one bit after a zero bit";
}

function readCidr(text: string): CidrRule {
  const { exclude, prefix, length, not } = partsOf(text);
  const bytes = parseAddress(prefix);
  const isPrefix = (nearest: string): boolean => parseAddress(nearest) !== undefined;
  if (bytes === undefined) {
    const { reason, nearest } = mistakenAs(CIDR, addressMistake(prefix), isPrefix);
    const rest = length === undefined ? "" : `/${length}`;
    throw new ValueError(CIDR, nearest === undefined || rest === "" ? undefined : `${not}${nearest}${rest}`, reason);
  }
  if (length === undefined) throw new ValueError(CIDR, `${text}/${bytes.length * 8}`);
  if (/^[^,]+,[^,]/.test(length)) throw new ValueError(CIDR, undefined, "write the key again for each further prefix");
  const found = lengthOf(length, bytes.length * 8);
  if (typeof found === "string") throw new ValueError(CIDR, undefined, found);
  return { bytes, prefixLength: found, exclude };
}

/** Returns a warning about a length that is not plain digits, which hsflowd reads by strtol(3). */
function noteCidr(text: string): Note | undefined {
  const { prefix, length = "", not } = partsOf(text);
  if (/^(?:0|[1-9]\d*)$/.test(length) || /[.:]/.test(length)) return undefined;
  const shown = `${not}${prefix}/${readPrefix(length, "").value}`;
  return { message: `${quote(text)} is read as ${shown}, as in hsflowd`, remedy: `write ${shown}` };
}

/**
 * Reads `10.0.0.0/8` or `10.0.0.0/255.0.0.0`; the key may repeat. A leading `!` excludes the prefix. The first rule
 * that matches an address applies.
 */
export function cidrs(about: { readonly help: string; readonly example: string }): Option<readonly CidrRule[]> {
  const { help, example } = about;
  const none: readonly CidrRule[] = [];
  return {
    type: "[!]address/bits",
    help,
    default: none,
    shown: example,
    repeat: true,
    read(text, before) {
      const rules = before === none ? [] : (before as CidrRule[]);
      rules.push(readCidr(text));
      return rules;
    },
    note: noteCidr,
  };
}
