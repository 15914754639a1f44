// Packets as an engine hands them over, put together by a test.

import { SOFTWARE_LAYOUT as layout } from "../../../agent/capture/batch.ts";
import type { CapturedPackets } from "../../../agent/capture/engine.ts";
import { makeReceiveBatch } from "../../../native-shim/batch.ts";

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

/** For a VLAN tag in front of each packet. */
const ROOM = 4;

export function captured(packets: readonly Given[], samplingRate = 1, drops = 0, stride = 128): CapturedPackets {
  const batch = makeReceiveBatch(layout, packets.length, stride + ROOM);
  packets.forEach((packet, i) => {
    const slot = i * layout.slotWords;
    const length = Math.min(packet.bytes.length, stride);
    const offset = i * (stride + ROOM) + ROOM;
    batch.bytes.set(packet.bytes.subarray(0, length), offset);
    batch.words[slot + layout.length] = length;
    batch.words[slot + layout.wireLength] = packet.wire ?? packet.bytes.length;
    batch.words[slot + layout.offset] = offset;
    batch.words[slot + layout.hardwareType] = packet.hardwareType ?? 1;
    batch.words[slot + layout.packetType] = packet.packetType ?? 0;
    batch.words[slot + layout.protocol] = packet.protocol ?? 0;
    batch.words[slot + layout.seconds] = packet.seconds ?? 0;
    batch.words[slot + layout.nanoseconds] = packet.nanoseconds ?? 0;
    if (packet.vlan === undefined) return;
    batch.words[slot + layout.flags] = layout.vlanValid;
    batch.words[slot + layout.vlanTci] = packet.vlan.tci;
    batch.words[slot + layout.vlanTpid] = packet.vlan.tpid;
  });
  return { layout, batch, count: packets.length, samplingRate, drops };
}
