// Datagrams in a pcap file: the payload of UDP packets from or to a port. Does not reassemble fragments.

import { PcapFile } from "../../capture/pcap-file.ts";
import { IpProtocol } from "../../packet/ip.ts";
import { decodePacket, HeaderProtocol, makePacket, type Packet } from "../../packet/packet.ts";
import { showAddress } from "../../sflow/address.ts";
import type { Origin } from "./tree.ts";

const MAGIC = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a]);

/**
 * Tells whether the bytes are a pcap or pcapng file. PcapFile rejects pcapng with a message that tells how to convert.
 */
export const isCapture = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && MAGIC.has(new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0));

export type Take = (bytes: Uint8Array, origin: Origin) => void;

/** Calls `take` for each datagram. Throws PcapFileError if the file cannot be parsed. */
export function eachCaptured(capture: Uint8Array, port: number, take: Take): void {
  const file = new PcapFile(capture);
  const packet = makePacket();
  const protocol = file.linkType === "ethernet" ? HeaderProtocol.ethernet : HeaderProtocol.ipv4;
  while (file.next()) {
    const { bytes, at, captured, seconds, nanoseconds } = file.packet;
    decodePacket(packet, protocol, bytes, at, captured);
    if (!isForPort(packet, port)) continue;
    const microseconds = Math.floor(nanoseconds / 1000);
    take(payloadOf(packet, bytes, at + captured), { source: sourceOf(packet, bytes), seconds, microseconds });
  }
}

const isForPort = ({ outer }: Packet, port: number): boolean =>
  outer.protocol === IpProtocol.udp &&
  outer.payload >= 0 &&
  (outer.destinationPort === port || outer.sourcePort === port);

/** Returns the payload according to the UDP length, without Ethernet padding. The capture may have truncated it. */
function payloadOf({ outer }: Packet, bytes: Uint8Array, end: number): Uint8Array {
  const length = ((bytes[outer.transport + 4] as number) << 8) | (bytes[outer.transport + 5] as number);
  return bytes.subarray(outer.payload, Math.min(end, Math.max(outer.payload, outer.transport + length)));
}

const sourceOf = ({ outer }: Packet, bytes: Uint8Array): string =>
  showAddress(bytes.subarray(outer.source, outer.source + (outer.ipVersion === 4 ? 4 : 16)));
