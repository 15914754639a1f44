// Addresses and host names as text. See RFC 4291, section 2.2, for the text form of IPv6, and RFC 1123, section 2.1.

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

/** A rule that prefers the addresses of a prefix, or excludes them. Earlier rules take precedence. */
export interface CidrRule {
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  readonly exclude: boolean;
}
