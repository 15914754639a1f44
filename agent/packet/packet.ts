// Decodes a sampled packet header: the outer headers, and the headers inside one tunnel. Never throws, and never reads
// outside its bytes.

import { decodeEthernet, EtherType } from "./ethernet.ts";
import { decodeIp } from "./ip.ts";
import { clearLayers, type Layers, makeLayers } from "./layers.ts";
import { decodeTransport } from "./transport.ts";
import { clearTunnel, decodeTunnel, Tunnel, type TunnelHeader } from "./tunnel.ts";

/** The values of header_protocol that can be decoded. */
export const HeaderProtocol = { ethernet: 1, ipv4: 11, ipv6: 12 } as const;

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
  const end = Math.min(offset + length, bytes.length);
  clearLayers(packet.outer);
  clearLayers(packet.inner);
  clearTunnel(packet.tunnel);
  if (protocol === HeaderProtocol.ethernet) decodeFrom(packet.outer, bytes, offset, end, true);
  else if (protocol === HeaderProtocol.ipv4 || protocol === HeaderProtocol.ipv6)
    decodeFrom(packet.outer, bytes, offset, end, false);
  decodeTunnel(packet.tunnel, bytes, packet.outer, end);
  if (packet.tunnel.tunnel !== Tunnel.none)
    decodeFrom(packet.inner, bytes, packet.tunnel.start, end, packet.tunnel.ethernet);
}

function decodeFrom(layers: Layers, bytes: Uint8Array, at: number, end: number, ethernet: boolean): void {
  const network = ethernet ? decodeEthernet(layers, bytes, at, end) : at;
  if (network < 0 || (ethernet && !isIp(layers.etherType))) return;
  const transport = decodeIp(layers, bytes, network, end);
  if (transport >= 0) decodeTransport(layers, bytes, transport, end);
}

const isIp = (type: number): boolean => type === EtherType.ipv4 || type === EtherType.ipv6;
