// Copies the data of captured packets into the arrays of a flow batch: header protocol, lengths, VLAN tags, ports. See
// sFlow v5, section 5 "sampled_header".

import type { FlowBatch } from "../flow/flows.ts";
import { EtherType } from "../packet/ethernet.ts";
import { HeaderProtocol } from "../packet/packet.ts";
import { hasEthernetHeader } from "./af-packet.ts";
import type { CapturedPackets } from "./engine.ts";
import type { PortResolver } from "./ports.ts";

/**
 * Octets of the frame check sequence, which captured packets lack. The four octets are added to the frame length and
 * counted as stripped. This applies to packets without a link layer too, so that frame_length - stripped is the length
 * of every packet as captured.
 */
const FCS = 4;
const VLAN_TAG = 4;
/** Length of the two MAC addresses in front of a VLAN tag, in octets. */
const ADDRESSES = 12;

/**
 * Fills `batch` with the captured packets from `first` on, as many as fit its arrays. Returns the number of packets
 * read. `headerBytes` is the maximum length of a header, including a VLAN tag that was put back. The batch refers to
 * the packet bytes in the engine's memory and does not copy them. Leaves out packets that are neither Ethernet nor IP,
 * because sFlow has no header protocol for such packets.
 */
export function fill(
  batch: FlowBatch,
  captured: CapturedPackets,
  first: number,
  headerBytes: number,
  resolver: PortResolver,
): number {
  const { columns } = captured;
  const until = Math.min(captured.count, first + batch.offset.length);
  batch.bytes = columns.bytes;
  batch.samplingRate = captured.samplingRate;
  batch.drops = first === 0 ? captured.drops : 0;
  if (hasEthernetHeader(captured.hardwareType)) fillEthernet(batch, captured, first, until, headerBytes, resolver);
  else fillIp(batch, captured, first, until, headerBytes, resolver);
  return until - first;
}

function fillEthernet(
  batch: FlowBatch,
  { columns }: CapturedPackets,
  first: number,
  until: number,
  headerBytes: number,
  resolver: PortResolver,
): void {
  const { bytes, offset, length, wireLength, packetType, arrival, vlan, seconds, nanoseconds } = columns;
  for (let i = first; i < until; i++) {
    let at = offset[i] as number;
    let captured = length[i] as number;
    let frameLength = (wireLength[i] as number) + FCS;
    const tag = vlan[i] as number;
    resolver.resolve(packetType[i] as number, bytes, at, arrival[i]);
    if (tag !== 0) {
      at -= VLAN_TAG;
      captured += VLAN_TAG;
      frameLength += VLAN_TAG;
      insertTag(bytes, at, tag);
    }
    batch.offset[i - first] = at;
    batch.headerLength[i - first] = Math.min(captured, headerBytes);
    batch.frameLength[i - first] = frameLength;
    putPorts(batch, i - first, resolver);
    batch.seconds[i - first] = seconds[i] as number;
    batch.nanoseconds[i - first] = nanoseconds[i] as number;
  }
  batch.count = until - first;
  batch.headerProtocol.fill(HeaderProtocol.ethernet, 0, batch.count);
  batch.stripped.fill(FCS, 0, batch.count);
}

function fillIp(
  batch: FlowBatch,
  { columns }: CapturedPackets,
  first: number,
  until: number,
  headerBytes: number,
  resolver: PortResolver,
): void {
  const { bytes, offset, length, wireLength, protocol, packetType, arrival, seconds, nanoseconds } = columns;
  let count = 0;
  for (let i = first; i < until; i++) {
    const at = offset[i] as number;
    const captured = length[i] as number;
    const headerProtocol = ipHeaderProtocol(protocol[i] as number, captured === 0 ? 0 : (bytes[at] as number));
    if (headerProtocol === 0) continue;
    resolver.resolve(packetType[i] as number, bytes, -1, arrival[i]);
    batch.offset[count] = at;
    batch.headerLength[count] = Math.min(captured, headerBytes);
    batch.headerProtocol[count] = headerProtocol;
    batch.frameLength[count] = (wireLength[i] as number) + FCS;
    batch.stripped[count] = FCS;
    putPorts(batch, count, resolver);
    batch.seconds[count] = seconds[i] as number;
    batch.nanoseconds[count] = nanoseconds[i] as number;
    count++;
  }
  batch.count = count;
}

function putPorts(batch: FlowBatch, i: number, { ports }: PortResolver): void {
  batch.input[i] = ports.input;
  batch.output[i] = ports.output;
  batch.direction[i] = ports.direction;
}

/**
 * Returns the header protocol of a packet without a link layer; 0 if the packet is not IP. `type` is an EtherType, or 0
 * if the protocol must be read from the first octet.
 */
export function ipHeaderProtocol(type: number, firstOctet: number): number {
  const version = firstOctet >>> 4;
  if (version === 4 && (type === EtherType.ipv4 || type === 0)) return HeaderProtocol.ipv4;
  if (version === 6 && (type === EtherType.ipv6 || type === 0)) return HeaderProtocol.ipv6;
  return 0;
}

/**
 * Puts the outermost VLAN tag, which the kernel has removed, back into the frame: moves the MAC addresses four octets
 * forward, to `at`, and writes the tag behind them.
 */
function insertTag(bytes: Uint8Array, at: number, tag: number): void {
  bytes.copyWithin(at, at + VLAN_TAG, at + VLAN_TAG + ADDRESSES);
  const behind = at + ADDRESSES;
  bytes[behind] = tag >>> 24;
  bytes[behind + 1] = tag >>> 16;
  bytes[behind + 2] = tag >>> 8;
  bytes[behind + 3] = tag;
}
