// The socket of a collector: its family, its namespace, its interface, its buffer. udp(7), ip(7) "IP_UNICAST_IF".

import type { Shim } from "../../../native-shim/shim.ts";
import { markOwnTraffic } from "../../capture/own-traffic.ts";
import { isLinkLocal } from "../../config/address.ts";
import type { Interfaces } from "../../interfaces/adaptor.ts";
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
import { interfaceIndexIn } from "./device.ts";
import { Segments } from "./segments.ts";

/** Bytes; a burst of a few thousand datagrams waits here, not in the agent. */
const SEND_BUFFER = 2_000_000;

export interface UdpSocket {
  readonly fd: number;
  /** sockaddr to send to. */
  readonly to: Uint8Array;
  /** The interface that datagrams leave by, 0 where routing decides. */
  readonly interfaceIndex: number;
  /** Whether taps can tell these datagrams from traffic. */
  readonly marked: boolean;
  readonly segments: Segments;
}

/** What a socket needs beside an address. */
export interface SocketParts {
  readonly sockets: Shim;
  readonly interfaces: Pick<Interfaces, "byName">;
  readonly config: CollectorConfig;
}

/** Absolute paths are taken as they are. */
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

/**
 * A link-local address is of use with an interface only: the one after `%`, as name or index, or else that of `dev`.
 */
function scopeOf(parts: SocketParts, interfaceIndex: number): number {
  const zone = parts.config.ip.split("%")[1];
  if (zone === undefined) return interfaceIndex;
  return /^\d+$/.test(zone) ? Number(zone) : indexOf(zone, parts);
}

/** In network order, unlike every other index in a socket option. */
function networkOrderIndex(index: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, index);
  return bytes;
}

/** Where datagrams to `address` go from here on. */
export function destination(address: Uint8Array, parts: SocketParts, interfaceIndex: number): Uint8Array {
  return inetAddress(address, parts.config.udpport, isLinkLocal(address) ? scopeOf(parts, interfaceIndex) : 0);
}

/**
 * Not connected: that would save the look-up of the route, 1 % of what sending costs, but keep the source address of
 * the moment after the host's has changed, and let a collector that is down answer with errors. Throws an Error that
 * says what is missing; never gives a socket that ignores `dev`.
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
