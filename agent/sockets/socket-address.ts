// Socket addresses, and options that are an int, as the kernel lays them out. ip(7), ipv6(7), packet(7), netlink(7)

import { makeText } from "../netlink/attribute.ts";
import { LITTLE_ENDIAN } from "../netlink/message.ts";
import { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX } from "./socket-constants.ts";

/** Fields are in host order; ports and addresses in network order. */
export { LITTLE_ENDIAN };

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function makeAddress(length: number, family: number): { bytes: Uint8Array; fields: DataView } {
  const bytes = new Uint8Array(length);
  const fields = view(bytes);
  fields.setUint16(0, family, LITTLE_ENDIAN);
  return { bytes, fields };
}

/** struct sockaddr_in for 4 bytes, sockaddr_in6 for 16. `scope` is the interface of a link-local address. */
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

/** Undefined for an address of another family. */
export function parseInetAddress(bytes: Uint8Array): InetAddress | undefined {
  if (bytes.length < 16) return undefined;
  const fields = view(bytes);
  const family = fields.getUint16(0, LITTLE_ENDIAN);
  const port = fields.getUint16(2);
  if (family === AF_INET) return { address: bytes.slice(4, 8), port, scope: 0 };
  if (family !== AF_INET6 || bytes.length < 28) return undefined;
  return { address: bytes.slice(8, 24), port, scope: fields.getUint32(24, LITTLE_ENDIAN) };
}

/** struct sockaddr_ll to bind to. `protocol` is an ETH_P_ number in host order; interface 0 is every interface. */
export function packetAddress(protocol: number, interfaceIndex: number): Uint8Array {
  const { bytes, fields } = makeAddress(20, AF_PACKET);
  fields.setUint16(2, protocol);
  fields.setInt32(4, interfaceIndex, LITTLE_ENDIAN);
  return bytes;
}

/** struct sockaddr_nl. Port 0 lets the kernel choose when bound, and means the kernel when sent to. */
export function netlinkAddress(port = 0, groups = 0): Uint8Array {
  const { bytes, fields } = makeAddress(12, AF_NETLINK);
  fields.setUint32(4, port, LITTLE_ENDIAN);
  fields.setUint32(8, groups, LITTLE_ENDIAN);
  return bytes;
}

/** An int, as most socket options are. */
export function intOption(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  view(bytes).setInt32(0, value, LITTLE_ENDIAN);
  return bytes;
}

export const parseIntOption = (bytes: Uint8Array): number => view(bytes).getInt32(0, LITTLE_ENDIAN);

/** A text that ends in a zero byte, as SO_BINDTODEVICE wants it. */
export const textOption = makeText;

/** sockaddr_un of a path, unix(7). */
export function unixAddress(path: string): Uint8Array {
  const text = textOption(path);
  const bytes = new Uint8Array(2 + text.length);
  view(bytes).setUint16(0, AF_UNIX, LITTLE_ENDIAN);
  bytes.set(text, 2);
  return bytes;
}
