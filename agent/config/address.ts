// Option values that are addresses: IPv4, IPv6, host names, and CIDR prefixes, where `!` excludes. See RFC 4291,
// section 2.2, for the text form of IPv6.

import { type About, type Option, option, ValueError } from "./option.ts";

function parseIPv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return Uint8Array.from(parts, Number);
}

/** Returns the bytes of the IPv6 groups on one side of `::`. The last group may be a dotted IPv4 address. */
function groups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const bytes: number[] = [];
  for (const [i, part] of parts.entries()) {
    const dotted = i === parts.length - 1 ? parseIPv4(part) : undefined;
    if (dotted !== undefined) bytes.push(...dotted);
    else if (/^[0-9a-f]{1,4}$/i.test(part))
      bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

function parseIPv6(text: string): Uint8Array | undefined {
  const sides = text.split("::");
  const [head, tail] = [groups(sides[0] ?? ""), groups(sides[1] ?? "")];
  if (sides.length > 2 || head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (sides.length === 2 ? missing < 2 : missing !== 0) return undefined;
  return Uint8Array.from([...head, ...Array<number>(missing).fill(0), ...tail]);
}

/** Returns 4 or 16 bytes, or undefined if the text is not a numeric address. */
export const parseAddress = (text: string): Uint8Array | undefined =>
  text.includes(":") ? parseIPv6(text) : parseIPv4(text);

/**
 * Tells whether an address is in fe80::/10. Such an address is unique only on its link, so it is used together with an
 * interface. See RFC 4291, section 2.5.6.
 */
export const isLinkLocal = (bytes: Uint8Array): boolean =>
  bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] as number) & 0xc0) === 0x80;

/**
 * Tells whether a text is a host name as in RFC 1123. Allows underscores too, which names of containers may have.
 * Rejects a last label of digits only, because such a text is a mistyped address.
 */
export const isName = (text: string): boolean =>
  text.length <= 253 &&
  /^([a-z0-9_]([a-z0-9_-]{0,62})\.)*[a-z0-9_]([a-z0-9_-]{0,62})\.?$/i.test(text) &&
  !/(^|\.)\d+\.?$/.test(text);

const ADDRESS = "an IPv4 address, an IPv6 address or a host name";

function readAddress(text: string): string {
  const [plain = "", zone] = text.split("%");
  if (zone === undefined ? parseAddress(text) !== undefined || isName(text) : parseIPv6(plain) !== undefined)
    return text;
  const bare = /^\[(.*?)\](?::\d+)?$/.exec(text)?.[1] ?? /^([^:/]+)[:/]\d+$/.exec(text)?.[1];
  if (bare === undefined || bare === text) throw new ValueError(ADDRESS);
  throw new ValueError(`${ADDRESS}, without brackets, port or prefix length`, bare);
}

/** Reads an address or a host name. Returns the text, because a host name is resolved at each use, not here. */
export const address = <D extends string | undefined>(about: About<D>): Option<string | D> =>
  option<string, D>("address", about, readAddress);

/** A rule that prefers the addresses of a prefix, or excludes them. Earlier rules take precedence. */
export interface CidrRule {
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  readonly exclude: boolean;
}

/** Returns the number of leading one bits, or undefined if a one follows a zero. */
function maskLength(mask: Uint8Array): number | undefined {
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const ones = bits.indexOf("0");
  if (ones < 0) return bits.length;
  return bits.includes("1", ones) ? undefined : ones;
}

export function parseCidr(text: string): CidrRule | undefined {
  const [, not = "", prefix = "", length = ""] = /^(!?)([^/]+)\/([^/]+)$/.exec(text) ?? [];
  const bytes = parseAddress(prefix);
  if (bytes === undefined) return undefined;
  const mask = /[.:]/.test(length) ? parseAddress(length) : undefined;
  const bits = mask === undefined ? (/^\d{1,3}$/.test(length) ? Number(length) : undefined) : maskLength(mask);
  if (bits === undefined || bits > bytes.length * 8 || (mask !== undefined && mask.length !== bytes.length))
    return undefined;
  return { bytes, prefixLength: bits, exclude: not === "!" };
}

function readCidr(text: string): CidrRule {
  const rule = parseCidr(text);
  if (rule !== undefined) return rule;
  const bytes = parseAddress(text.replace(/^!/, ""));
  throw new ValueError(
    "a prefix such as 10.0.0.0/8, 2001:db8::/32 or !172.17.0.0/16",
    bytes && `${text}/${bytes.length * 8}`,
  );
}

/**
 * Reads `10.0.0.0/8` or `10.0.0.0/255.0.0.0`; the key may repeat. A leading `!` excludes the prefix. The first rule
 * that matches an address applies.
 */
export function cidrs(about: { readonly help: string; readonly example: string }): Option<readonly CidrRule[]> {
  const { help, example } = about;
  return {
    type: "[!]address/bits",
    help,
    default: [],
    shown: example,
    repeat: true,
    read: (text, before) => [...before, readCidr(text)],
  };
}
