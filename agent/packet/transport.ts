// Decodes ports and flags of TCP, UDP, SCTP, DCCP and UDP-Lite. See RFC 9293, RFC 768, RFC 9260, RFC 4340, RFC 3828.

import { uint16 } from "./bytes.ts";
import { IpProtocol } from "./ip.ts";
import type { Layers } from "./layers.ts";

/** Decodes the transport header at `at`, after the IP header that is already in `layers`. */
export function decodeTransport(layers: Layers, bytes: Uint8Array, at: number, end: number): void {
  if (layers.laterFragment || at >= end) return;
  layers.transport = at;
  if (!hasPorts(layers.protocol) || at + 4 > end) return;
  layers.sourcePort = uint16(bytes, at);
  layers.destinationPort = uint16(bytes, at + 2);
  if (layers.protocol === IpProtocol.tcp) decodeTcp(layers, bytes, at, end);
  else if (layers.protocol === IpProtocol.udp && at + 8 <= end) layers.payload = at + 8;
}

function decodeTcp(layers: Layers, bytes: Uint8Array, at: number, end: number): void {
  if (at + 14 > end) return;
  layers.tcpFlags = bytes[at + 13] as number;
  const payload = at + ((bytes[at + 12] as number) >>> 4) * 4;
  if (payload >= at + 20 && payload <= end) layers.payload = payload;
}

function hasPorts(protocol: number): boolean {
  switch (protocol) {
    case IpProtocol.tcp:
    case IpProtocol.udp:
    case IpProtocol.dccp:
    case IpProtocol.sctp:
    case IpProtocol.udpLite:
      return true;
    default:
      return false;
  }
}
