// Makes packets as an engine passes them on.

import type { CapturedPackets } from "../../../agent/capture/engine.ts";
import { makePacketColumns } from "../../../agent/capture/packet-columns.ts";

export interface Given {
  readonly bytes: Uint8Array;
  readonly wire?: number;
  readonly hardwareType?: number;
  readonly packetType?: number;
  readonly protocol?: number;
  readonly vlan?: { readonly tci: number; readonly tpid: number };
  readonly seconds?: number;
  readonly nanoseconds?: number;
}

/** Octets of free memory in front of each packet, for a VLAN tag. */
const ROOM = 4;

/** Makes a batch whose hardware type is that of its first packet. */
export function captured(packets: readonly Given[], samplingRate = 1, drops = 0, stride = 128): CapturedPackets {
  const room = stride + ROOM;
  const columns = makePacketColumns(new Uint8Array(packets.length * room), packets.length);
  packets.forEach((packet, i) => {
    const length = Math.min(packet.bytes.length, stride);
    columns.offset[i] = i * room + ROOM;
    columns.bytes.set(packet.bytes.subarray(0, length), i * room + ROOM);
    columns.length[i] = length;
    columns.wireLength[i] = packet.wire ?? packet.bytes.length;
    columns.packetType[i] = packet.packetType ?? 0;
    columns.protocol[i] = packet.protocol ?? 0;
    columns.seconds[i] = packet.seconds ?? 0;
    columns.nanoseconds[i] = packet.nanoseconds ?? 0;
    if (packet.vlan !== undefined) columns.vlan[i] = packet.vlan.tpid * 0x1_0000 + packet.vlan.tci;
  });
  return { columns, count: packets.length, hardwareType: packets[0]?.hardwareType ?? 1, samplingRate, drops };
}
