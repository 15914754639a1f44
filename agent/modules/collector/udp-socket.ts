// The socket of a collector: its family, its network namespace, its interface, its buffer. See udp(7) and ip(7),
// IP_UNICAST_IF.

import type { Shim } from "../../../native-shim/shim.ts";
import type { Exemption, OwnTraffic } from "../../capture/own-traffic.ts";
import { isLinkLocal } from "../../config/address.ts";
import type { Files } from "../../host/host.ts";
import type { Interfaces } from "../../interfaces/adaptor.ts";
import { interfaceIndexIn } from "../../namespaces/device.ts";
import { receiveNothing } from "../../sockets/send-only.ts";
import { inetAddress, intOption } from "../../sockets/socket-address.ts";
import {
  AF_INET,
  AF_INET6,
  IP_MTU_DISCOVER,
  IP_PMTUDISC_OMIT,
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
  /** Whether the datagrams carry the mark without which taps sample them. */
  readonly marked: boolean;
  readonly exemption: Exemption;
  /** Undefined unless the configuration asks for segmentation. */
  readonly segments: Segments | undefined;
}

/** What it takes to open a socket, except for the address. */
export interface SocketParts {
  readonly sockets: Shim;
  readonly interfaces: Pick<Interfaces, "byName">;
  readonly config: CollectorConfig;
  readonly ownTraffic: OwnTraffic;
}

/** Returns the path of a network namespace. Absolute paths are returned unchanged. */
export const namespacePath = (namespace: string): string =>
  namespace.startsWith("/") ? namespace : `/var/run/netns/${namespace}`;

const findIndex = (name: string, { sockets, interfaces, config: { namespace } }: SocketParts): number | undefined =>
  namespace === undefined ? interfaces.byName(name)?.index : interfaceIndexIn(namespacePath(namespace), name, sockets);

function indexOf(name: string, parts: SocketParts): number {
  const index = findIndex(name, parts);
  if (index === undefined) throw new Error(`there is no interface ${name}; nothing is sent until it appears`);
  return index;
}

/** Returns the interface after the `%` of a link-local address, by name or index; undefined if there is none. */
const zoneOf = ({ ip }: CollectorConfig): string | undefined => ip.split("%")[1];
const isIndex = (zone: string): boolean => /^\d+$/.test(zone);

/** Returns the interface of a link-local address: that of its zone, or else that of `dev`. */
function scopeOf(parts: SocketParts, interfaceIndex: number): number {
  const zone = zoneOf(parts.config);
  if (zone === undefined) return interfaceIndex;
  return isIndex(zone) ? Number(zone) : indexOf(zone, parts);
}

/** Returns the names of interfaces in a configuration. */
export const interfaceNames = (config: CollectorConfig): readonly string[] =>
  [config.dev, zoneOf(config)].filter((name) => name !== undefined).filter((name) => !isIndex(name));

/**
 * Returns what the names of a namespace and of interfaces lead to now. The text differs once one of them leads
 * elsewhere, or nowhere.
 */
export function meaningOf(parts: SocketParts, files: Pick<Files, "identity">): string {
  const { config } = parts;
  const place = config.namespace === undefined ? "" : files.identity(namespacePath(config.namespace));
  try {
    return [place, ...interfaceNames(config).map((name) => findIndex(name, parts))].join(" ");
  } catch {
    return `${place}, which cannot be entered`;
  }
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
 * Sets by which interface and in which form datagrams leave. IPv4 routers may fragment them: a datagram that forbids it
 * is lost where the report of a smaller MTU is filtered. IPv6 has only the sender fragment, by those reports.
 */
export function setPath(sockets: Pick<Shim, "setOption">, fd: number, six: boolean, interfaceIndex: number): void {
  const [level, option] = six ? [IPPROTO_IPV6, IPV6_UNICAST_IF] : [IPPROTO_IP, IP_UNICAST_IF];
  if (interfaceIndex > 0) sockets.setOption(fd, level, option, networkOrderIndex(interfaceIndex));
  if (!six) sockets.setOption(fd, IPPROTO_IP, IP_MTU_DISCOVER, intOption(IP_PMTUDISC_OMIT));
}

/**
 * Opens a socket that is not connected. Connecting it would save the route lookup, 1 % of the cost of sending. But the
 * socket would keep its source address after that of the host has changed, and report errors of a collector that is
 * down. Throws an Error that says what is missing; never returns a socket that ignores `dev`.
 */
export function openUdpSocket(address: Uint8Array, parts: SocketParts): UdpSocket {
  const { sockets, config, ownTraffic } = parts;
  const interfaceIndex = config.dev === undefined ? 0 : indexOf(config.dev, parts);
  const to = destination(address, parts, interfaceIndex);
  const six = address.length === 16;
  const namespace = config.namespace === undefined ? [] : [namespacePath(config.namespace)];
  const fd = sockets.socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM, 0, ...namespace);
  try {
    receiveNothing(sockets, fd);
    sockets.setOption(fd, SOL_SOCKET, SO_SNDBUF, intOption(SEND_BUFFER));
    setPath(sockets, fd, six, interfaceIndex);
  } catch (error) {
    sockets.close(fd);
    throw error;
  }
  const exemption = ownTraffic.exempt(sockets, fd, address);
  const segments = config.segmentation ? new Segments(sockets, fd) : undefined;
  return { fd, to, interfaceIndex, marked: exemption.marked, exemption, segments };
}

/** Returns the socket with another destination of the same family. */
export function redirect(socket: UdpSocket, address: Uint8Array, parts: SocketParts): UdpSocket {
  const to = destination(address, parts, socket.interfaceIndex);
  socket.exemption.sendsTo(address);
  return { ...socket, to };
}

export function closeUdpSocket({ fd, exemption }: UdpSocket, { sockets }: Pick<SocketParts, "sockets">): void {
  exemption.end();
  sockets.close(fd);
}
