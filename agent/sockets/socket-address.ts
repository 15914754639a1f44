// Socket addresses and option values, in the layout of the kernel. See ip(7), ipv6(7), packet(7), netlink(7) and
// unix(7).

import { makeText } from "../netlink/attribute.ts";
import { LITTLE_ENDIAN } from "../netlink/message.ts";
import { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX } from "./socket-constants.ts";

/** Fields are in the byte order of the host, but ports and addresses are in network order. */
export { LITTLE_ENDIAN };

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function makeAddress(length: number, family: number): { bytes: Uint8Array; fields: DataView } {
  const bytes = new Uint8Array(length);
  const fields = view(bytes);
  fields.setUint16(0, family, LITTLE_ENDIAN);
  return { bytes, fields };
}

/** Returns a sockaddr_in for 4 bytes, a sockaddr_in6 for 16. `scope` is the ifIndex for a link-local address. */
export function inetAddress(address: Uint8Array, port: number, scope = 0): Uint8Array {
  const six = address.length === 16;
  const { bytes, fields } = makeAddress(six ? 28 : 16, six ? AF_INET6 : AF_INET);
  fields.setUint16(2, port);
  bytes.set(address, six ? 8 : 4);
  if (six) fields.setUint32(24, scope, LITTLE_ENDIAN);
  return bytes;
}

export interface InetAddress {
  readonly address: Uint8Array;
  readonly port: number;
  readonly scope: number;
}

/** Parses a sockaddr_in or sockaddr_in6. Returns undefined for other families. */
export function parseInetAddress(bytes: Uint8Array): InetAddress | undefined {
  if (bytes.length < 16) return undefined;
  const fields = view(bytes);
  const family = fields.getUint16(0, LITTLE_ENDIAN);
  const port = fields.getUint16(2);
  if (family === AF_INET) return { address: bytes.slice(4, 8), port, scope: 0 };
  if (family !== AF_INET6 || bytes.length < 28) return undefined;
  return { address: bytes.slice(8, 24), port, scope: fields.getUint32(24, LITTLE_ENDIAN) };
}

/** Returns a sockaddr_ll to bind to. `protocol` is an ETH_P_ number in host order; interface 0 means all. */
export function packetAddress(protocol: number, interfaceIndex: number): Uint8Array {
  const { bytes, fields } = makeAddress(20, AF_PACKET);
  fields.setUint16(2, protocol);
  fields.setInt32(4, interfaceIndex, LITTLE_ENDIAN);
  return bytes;
}

/**
 * Returns a sockaddr_nl. Port 0 lets the kernel choose a port in bind(2), and means the kernel itself as a destination.
 */
export function netlinkAddress(port = 0, groups = 0): Uint8Array {
  const { bytes, fields } = makeAddress(12, AF_NETLINK);
  fields.setUint32(4, port, LITTLE_ENDIAN);
  fields.setUint32(8, groups, LITTLE_ENDIAN);
  return bytes;
}

/** Returns an int, the value of most socket options. */
export function intOption(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  view(bytes).setInt32(0, value, LITTLE_ENDIAN);
  return bytes;
}

export const parseIntOption = (bytes: Uint8Array): number => view(bytes).getInt32(0, LITTLE_ENDIAN);

/** Returns a text with a zero byte at its end, the value of SO_BINDTODEVICE. */
export const textOption = makeText;

/** Returns a sockaddr_un. */
export function unixAddress(path: string): Uint8Array {
  const text = textOption(path);
  const bytes = new Uint8Array(2 + text.length);
  view(bytes).setUint16(0, AF_UNIX, LITTLE_ENDIAN);
  bytes.set(text, 2);
  return bytes;
}
