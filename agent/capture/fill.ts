// Captured packets become the columns of a batch: header protocol, lengths, VLAN tags, ports. sFlow v5, section 5
// "sampled_header".

import type { FlowBatch } from "../flow/flows.ts";
import { EtherType } from "../packet/ethernet.ts";
import { HeaderProtocol } from "../packet/packet.ts";
import { hasEthernetHeader } from "./af-packet.ts";
import type { CapturedPackets } from "./engine.ts";
import type { PortResolver } from "./ports.ts";

/**
 * Taps see no frame check sequence: it is counted in the frame length, and as stripped. A packet without a link layer
 * is given the same four octets, so that its IP length is frame_length - stripped, as for every other.
 */
const FCS = 4;
const VLAN_TAG = 4;
/** The two of them stand in front of the tag. */
const ADDRESSES = 12;

/**
 * Fills `batch` with packets from `first` on, as many as its columns hold; how many were read. `headerBytes` bounds the
 * header after a VLAN tag is back in its place. The bytes stay where the engine has them. A packet that is neither
 * Ethernet nor IP has no header protocol and is left out.
 */
export function fill(
  batch: FlowBatch,
  captured: CapturedPackets,
  first: number,
  headerBytes: number,
  resolver: PortResolver,
): number {
  const { layout, batch: source } = captured;
  const { words, bytes } = source;
  const { ports } = resolver;
  const until = Math.min(captured.count, first + batch.offset.length);
  let count = 0;
  for (let i = first; i < until; i++) {
    const slot = i * layout.slotWords;
    let offset = words[slot + layout.offset] as number;
    let length = words[slot + layout.length] as number;
    let frameLength = (words[slot + layout.wireLength] as number) + FCS;
    const ethernet = hasEthernetHeader(words[slot + layout.hardwareType] as number);
    const protocol = ethernet
      ? HeaderProtocol.ethernet
      : ipHeaderProtocol(words[slot + layout.protocol] as number, length === 0 ? 0 : (bytes[offset] as number));
    if (protocol === 0) continue;
    resolver.resolve(words[slot + layout.packetType] as number, bytes, ethernet ? offset : -1);
    if (ethernet && ((words[slot + layout.flags] as number) & layout.vlanValid) !== 0) {
      offset -= VLAN_TAG;
      length += VLAN_TAG;
      frameLength += VLAN_TAG;
      insertTag(bytes, offset, words[slot + layout.vlanTpid] as number, words[slot + layout.vlanTci] as number);
    }
    batch.offset[count] = offset;
    batch.headerLength[count] = Math.min(length, headerBytes);
    batch.headerProtocol[count] = protocol;
    batch.frameLength[count] = frameLength;
    batch.stripped[count] = FCS;
    batch.input[count] = ports.input;
    batch.output[count] = ports.output;
    batch.direction[count] = ports.direction;
    batch.seconds[count] = words[slot + layout.seconds] as number;
    batch.nanoseconds[count] = words[slot + layout.nanoseconds] as number;
    count++;
  }
  batch.bytes = bytes;
  batch.count = count;
  batch.samplingRate = captured.samplingRate;
  batch.drops = first === 0 ? captured.drops : 0;
  return until - first;
}

/** 0 where it is not IP. `type` is an EtherType, or 0 where only the first octet tells. */
function ipHeaderProtocol(type: number, firstOctet: number): number {
  const version = firstOctet >>> 4;
  if (version === 4 && (type === EtherType.ipv4 || type === 0)) return HeaderProtocol.ipv4;
  if (version === 6 && (type === EtherType.ipv6 || type === 0)) return HeaderProtocol.ipv6;
  return 0;
}

/**
 * The kernel takes the outermost tag off a frame and hands it over beside the packet: the addresses move to `at`, four
 * octets to the front, and the tag stands behind them again.
 */
function insertTag(bytes: Uint8Array, at: number, tpid: number, tci: number): void {
  bytes.copyWithin(at, at + VLAN_TAG, at + VLAN_TAG + ADDRESSES);
  const tag = at + ADDRESSES;
  bytes[tag] = tpid >>> 8;
  bytes[tag + 1] = tpid;
  bytes[tag + 2] = tci >>> 8;
  bytes[tag + 3] = tci;
}
