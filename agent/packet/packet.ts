// Decodes a sampled packet header: the outer headers, and the headers inside one tunnel. Never throws, and never reads
// outside its bytes.

import { decodeEthernet, decodeEtherType, decodeLlc, EtherType } from "./ethernet.ts";
import { decodeIeee80211 } from "./ieee80211.ts";
import { decodeIp } from "./ip.ts";
import { clearLayers, type Layers, makeLayers } from "./layers.ts";
import { decodeTransport } from "./transport.ts";
import { clearTunnel, decodeTunnel, Tunnel, type TunnelHeader } from "./tunnel.ts";

/** The values of header_protocol that can be decoded. */
export const HeaderProtocol = { ethernet: 1, ipv4: 11, ipv6: 12, mpls: 13, ieee80211: 15 } as const;

/**
 * A decoded packet. Offsets count from the start of the array. The object is reused, so that no memory is allocated for
 * each packet.
 */
export interface Packet {
  readonly outer: Layers;
  /** `tunnel.tunnel` is Tunnel.none if there is no packet inside. Then `inner` is empty. */
  readonly tunnel: TunnelHeader;
  readonly inner: Layers;
}

export const makePacket = (): Packet => ({
  outer: makeLayers(),
  tunnel: { tunnel: Tunnel.none, identifier: -1, start: -1, ethernet: false },
  inner: makeLayers(),
});

/** Decodes `length` bytes of `bytes` at `offset`. `protocol` is the protocol of the first header, a HeaderProtocol. */
export function decodePacket(
  packet: Packet,
  protocol: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): void {
  const end = begin(packet, bytes, offset, length);
  decodeNetwork(packet.outer, bytes, decodeLink(packet.outer, protocol, bytes, offset, end), end);
  decodeInner(packet, bytes, end);
}

/** Decodes a packet that begins with LLC, as the payload of an 802.11 frame does. */
export function decodeLlcPacket(packet: Packet, bytes: Uint8Array): void {
  const end = begin(packet, bytes, 0, bytes.length);
  decodeNetwork(packet.outer, bytes, decodeLlc(packet.outer, bytes, 0, end), end);
  decodeInner(packet, bytes, end);
}

function begin(packet: Packet, bytes: Uint8Array, offset: number, length: number): number {
  clearLayers(packet.outer);
  clearLayers(packet.inner);
  clearTunnel(packet.tunnel);
  return Math.min(offset + length, bytes.length);
}

/** Decodes the link layer. Returns the offset of its payload, or -1 if it is not known. */
function decodeLink(layers: Layers, protocol: number, bytes: Uint8Array, at: number, end: number): number {
  if (protocol === HeaderProtocol.ethernet) return decodeEthernet(layers, bytes, at, end);
  if (protocol === HeaderProtocol.mpls) return decodeEtherType(layers, bytes, EtherType.mpls, at, end);
  if (protocol === HeaderProtocol.ieee80211) return decodeIeee80211(layers, bytes, at, end);
  return protocol === HeaderProtocol.ipv4 || protocol === HeaderProtocol.ipv6 ? at : -1;
}

/** Decodes IP at `network`, unless it is -1 or the EtherType is another one. Without a link layer there is none. */
function decodeNetwork(layers: Layers, bytes: Uint8Array, network: number, end: number): void {
  const { etherType } = layers;
  if (network < 0 || (etherType >= 0 && etherType !== EtherType.ipv4 && etherType !== EtherType.ipv6)) return;
  const transport = decodeIp(layers, bytes, network, end);
  if (transport >= 0) decodeTransport(layers, bytes, transport, end);
}

function decodeInner({ outer, tunnel, inner }: Packet, bytes: Uint8Array, end: number): void {
  decodeTunnel(tunnel, bytes, outer, end);
  if (tunnel.tunnel === Tunnel.none) return;
  const { start, ethernet } = tunnel;
  decodeNetwork(inner, bytes, ethernet ? decodeEthernet(inner, bytes, start, end) : start, end);
}
