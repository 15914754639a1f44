// The socket of a collector: its family, its network namespace, its interface, its buffer. See udp(7) and ip(7),
// IP_UNICAST_IF.

import type { Shim } from "../../../native-shim/shim.ts";
import { markOwnTraffic } from "../../capture/own-traffic.ts";
import { isLinkLocal } from "../../config/address.ts";
import type { Interfaces } from "../../interfaces/adaptor.ts";
import { interfaceIndexIn } from "../../namespaces/device.ts";
import { inetAddress, intOption } from "../../sockets/socket-address.ts";
import {
  AF_INET,
  AF_INET6,
  IP_UNICAST_IF,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_UNICAST_IF,
  SO_SNDBUF,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "../../sockets/socket-constants.ts";
import type { CollectorConfig } from "./config.ts";
import { Segments } from "./segments.ts";

/** Bytes. A burst of a few thousand datagrams waits in this buffer, not in the agent. */
const SEND_BUFFER = 2_000_000;

export interface UdpSocket {
  readonly fd: number;
  /** Destination, as a sockaddr. */
  readonly to: Uint8Array;
  /** ifIndex of the interface that datagrams leave by; 0: routing decides. */
  readonly interfaceIndex: number;
  /** Whether the datagrams carry the mark by which taps leave them out. */
  readonly marked: boolean;
  readonly segments: Segments;
}

/** What it takes to open a socket, except for the address. */
export interface SocketParts {
  readonly sockets: Shim;
  readonly interfaces: Pick<Interfaces, "byName">;
  readonly config: CollectorConfig;
}

/** Returns the path of a network namespace. Absolute paths are returned unchanged. */
export const namespacePath = (namespace: string): string =>
  namespace.startsWith("/") ? namespace : `/var/run/netns/${namespace}`;

function indexOf(name: string, { sockets, interfaces, config }: SocketParts): number {
  const { namespace } = config;
  const index =
    namespace === undefined
      ? interfaces.byName(name)?.index
      : interfaceIndexIn(namespacePath(namespace), name, sockets);
  if (index === undefined) throw new Error(`there is no interface ${name}; nothing is sent until it appears`);
  return index;
}

/** Returns the interface of a link-local address: the one after `%`, by name or index, or else that of `dev`. */
function scopeOf(parts: SocketParts, interfaceIndex: number): number {
  const zone = parts.config.ip.split("%")[1];
  if (zone === undefined) return interfaceIndex;
  return /^\d+$/.test(zone) ? Number(zone) : indexOf(zone, parts);
}

/** IP_UNICAST_IF takes the index in network byte order, unlike every other socket option. */
function networkOrderIndex(index: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, index);
  return bytes;
}

/** Returns the sockaddr of datagrams to `address`. Throws an Error if its interface does not exist. */
export function destination(address: Uint8Array, parts: SocketParts, interfaceIndex: number): Uint8Array {
  return inetAddress(address, parts.config.udpport, isLinkLocal(address) ? scopeOf(parts, interfaceIndex) : 0);
}

/**
 * Opens a socket that is not connected. Connecting it would save the route lookup, 1 % of the cost of sending. But the
 * socket would keep its source address after that of the host has changed, and report errors of a collector that is
 * down. Throws an Error that says what is missing; never returns a socket that ignores `dev`.
 */
export function openUdpSocket(address: Uint8Array, parts: SocketParts): UdpSocket {
  const { sockets, config } = parts;
  const interfaceIndex = config.dev === undefined ? 0 : indexOf(config.dev, parts);
  const to = destination(address, parts, interfaceIndex);
  const six = address.length === 16;
  const namespace = config.namespace === undefined ? [] : [namespacePath(config.namespace)];
  const fd = sockets.socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM, 0, ...namespace);
  try {
    sockets.setOption(fd, SOL_SOCKET, SO_SNDBUF, intOption(SEND_BUFFER));
    const [level, option] = six ? [IPPROTO_IPV6, IPV6_UNICAST_IF] : [IPPROTO_IP, IP_UNICAST_IF];
    if (interfaceIndex > 0) sockets.setOption(fd, level, option, networkOrderIndex(interfaceIndex));
  } catch (error) {
    sockets.close(fd);
    throw error;
  }
  return { fd, to, interfaceIndex, marked: markOwnTraffic(sockets, fd), segments: new Segments(sockets, fd) };
}
