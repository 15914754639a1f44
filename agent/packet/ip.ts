// Decodes IPv4, and IPv6 with its extension headers. See RFC 791, RFC 8200, RFC 4302.

import { uint16 } from "./bytes.ts";
import { type Layers, MOST_EXTENSIONS } from "./layers.ts";

export const IpProtocol = {
  hopByHop: 0,
  icmp: 1,
  ipip: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  authentication: 51,
  icmpv6: 58,
  noNext: 59,
  destinationOptions: 60,
  sctp: 132,
  mobility: 135,
  udpLite: 136,
  hostIdentity: 139,
  shim6: 140,
} as const;

/** Decodes the IP header at `at`, of either version. Returns the offset of its payload, or -1 if there is none. */
export function decodeIp(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const version = (bytes[at] as number) >>> 4;
  if (version === 4) return decodeIpv4(layers, bytes, at, end);
  if (version === 6) return decodeIpv6(layers, bytes, at, end);
  return -1;
}

function decodeIpv4(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  const headerLength = ((bytes[at] as number) & 0xf) * 4;
  if (headerLength < 20 || at + 20 > end) return -1;
  layers.ip = at;
  layers.ipVersion = 4;
  layers.protocol = bytes[at + 9] as number;
  layers.source = at + 12;
  layers.destination = at + 16;
  const fragment = uint16(bytes, at + 6);
  layers.laterFragment = (fragment & 0x1fff) !== 0;
  if ((fragment & 0x3fff) !== 0) layers.fragment = at;
  return at + headerLength > end ? -1 : at + headerLength;
}

function decodeIpv6(layers: Layers, bytes: Uint8Array, at: number, end: number): number {
  if (at + 40 > end) return -1;
  layers.ip = at;
  layers.ipVersion = 6;
  layers.source = at + 8;
  layers.destination = at + 24;
  return skipExtensions(layers, bytes, at, end);
}

/** Skips extension headers. If the frame was truncated inside them, the protocol stays unknown. */
function skipExtensions(layers: Layers, bytes: Uint8Array, ip: number, end: number): number {
  let protocol = bytes[ip + 6] as number;
  let next = ip + 40;
  for (let i = 0; i <= MOST_EXTENSIONS; i++) {
    // A message is not followed by anything: it is what the packet carries.
    const isCarried = isMessage(protocol) && (next >= end || bytes[next] === IpProtocol.noNext);
    if (isCarried || !isExtension(protocol)) {
      layers.protocol = protocol;
      return next;
    }
    layers.extensions[layers.extensionCount++] = protocol;
    if (next + 8 > end) return -1;
    if (protocol === IpProtocol.fragment) decodeFragment(layers, bytes, next);
    const length = extensionLength(protocol, bytes[next + 1] as number);
    protocol = bytes[next] as number;
    next += length;
    // The header of a later fragment is followed by data, even if its number names another extension.
    if (layers.laterFragment) {
      layers.protocol = protocol;
      return next;
    }
  }
  return -1;
}

/** A packet in one piece may have a fragment header too. It is then not a fragment. See RFC 6946. */
function decodeFragment(layers: Layers, bytes: Uint8Array, at: number): void {
  const field = uint16(bytes, at + 2);
  if ((field & 0xfff9) !== 0) layers.fragment = at;
  if ((field & 0xfff8) !== 0) layers.laterFragment = true;
}

/** Tells whether an extension header is that of a protocol of its own. See RFC 6275, RFC 7401, RFC 5533. */
const isMessage = (protocol: number): boolean =>
  protocol === IpProtocol.mobility || protocol === IpProtocol.hostIdentity || protocol === IpProtocol.shim6;

function isExtension(protocol: number): boolean {
  switch (protocol) {
    case IpProtocol.hopByHop:
    case IpProtocol.routing:
    case IpProtocol.fragment:
    case IpProtocol.authentication:
    case IpProtocol.destinationOptions:
    case IpProtocol.mobility:
    case IpProtocol.hostIdentity:
    case IpProtocol.shim6:
      return true;
    default:
      return false;
  }
}

/**
 * Returns the length of an extension header in bytes. `field` is the number of 8-byte units after the first. In the
 * authentication header, it is the number of 4-byte units after the second. A fragment header always has 8 bytes.
 */
function extensionLength(protocol: number, field: number): number {
  if (protocol === IpProtocol.fragment) return 8;
  return protocol === IpProtocol.authentication ? (field + 2) * 4 : (field + 1) * 8;
}
