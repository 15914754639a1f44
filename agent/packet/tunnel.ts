// Finds the packet inside a tunnel: VXLAN, Geneve, GRE, IP in IP. RFC 7348, RFC 8926, RFC 2784 and 2890, RFC 2003,
// RFC 4213.

import { uint16, uint24, uint32 } from "./bytes.ts";
import { EtherType } from "./ethernet.ts";
import { IpProtocol } from "./ip.ts";
import type { Layers } from "./layers.ts";

export const Tunnel = { none: 0, vxlan: 1, geneve: 2, gre: 3, ipip: 4 } as const;

/**
 * The header of a tunnel. `start` is the offset of the inner packet, -1 if there is none; `ethernet` is false for IP.
 */
export interface TunnelHeader {
  tunnel: number;
  /** Network identifier of VXLAN and Geneve, key of GRE; -1 if there is none. */
  identifier: number;
  start: number;
  ethernet: boolean;
}

/** Linux used 8472 before the port was assigned, and Flannel still does. */
const VXLAN_PORTS = [4789, 8472] as const;
const GENEVE_PORT = 6081;
const TRANSPARENT_ETHERNET = 0x6558;

export function clearTunnel(header: TunnelHeader): void {
  header.tunnel = Tunnel.none;
  header.identifier = -1;
  header.start = -1;
  header.ethernet = false;
}

/** Decodes a tunnel after the headers in `outer`. Ignores tunnels whose payload is neither Ethernet nor IP. */
export function decodeTunnel(header: TunnelHeader, bytes: Uint8Array, outer: Layers, end: number): void {
  const { protocol, transport } = outer;
  if (transport < 0) return;
  if (protocol === IpProtocol.udp) decodeUdpTunnel(header, bytes, outer, end);
  else if (protocol === IpProtocol.gre) decodeGre(header, bytes, transport, end);
  else if (protocol === IpProtocol.ipip || protocol === IpProtocol.ipv6) found(header, Tunnel.ipip, -1, transport);
}

function found(header: TunnelHeader, tunnel: number, identifier: number, start: number, ethernet = false): void {
  header.tunnel = tunnel;
  header.identifier = identifier;
  header.start = start;
  header.ethernet = ethernet;
}

function decodeUdpTunnel(header: TunnelHeader, bytes: Uint8Array, outer: Layers, end: number): void {
  const at = outer.payload;
  if (at < 0 || at + 8 > end) return;
  const port = outer.destinationPort;
  if (port === VXLAN_PORTS[0] || port === VXLAN_PORTS[1]) decodeVxlan(header, bytes, at);
  else if (port === GENEVE_PORT) decodeGeneve(header, bytes, at, end);
}

/** Decodes VXLAN. Requires the flag of the identifier. Other flags belong to extensions with the same layout. */
function decodeVxlan(header: TunnelHeader, bytes: Uint8Array, at: number): void {
  if (((bytes[at] as number) & 0x08) === 0) return;
  found(header, Tunnel.vxlan, uint24(bytes, at + 4), at + 8, true);
}

function decodeGeneve(header: TunnelHeader, bytes: Uint8Array, at: number, end: number): void {
  const first = bytes[at] as number;
  const start = at + 8 + (first & 0x3f) * 4;
  if (first >>> 6 !== 0 || start > end) return;
  foundByType(header, Tunnel.geneve, uint24(bytes, at + 4), start, uint16(bytes, at + 2));
}

/** Decodes version 0 with optional checksum, key and sequence number. Version 1 is PPTP; routing is obsolete. */
function decodeGre(header: TunnelHeader, bytes: Uint8Array, at: number, end: number): void {
  if (at + 4 > end) return;
  const flags = uint16(bytes, at);
  if ((flags & 0x4007) !== 0) return;
  const key = at + ((flags & 0x8000) !== 0 ? 8 : 4);
  const hasKey = (flags & 0x2000) !== 0;
  const start = key + (hasKey ? 4 : 0) + ((flags & 0x1000) !== 0 ? 4 : 0);
  if (start > end) return;
  foundByType(header, Tunnel.gre, hasKey ? uint32(bytes, key) : -1, start, uint16(bytes, at + 2));
}

function foundByType(header: TunnelHeader, tunnel: number, identifier: number, start: number, type: number): void {
  if (type === TRANSPARENT_ETHERNET) found(header, tunnel, identifier, start, true);
  else if (type === EtherType.ipv4 || type === EtherType.ipv6) found(header, tunnel, identifier, start);
}
