// Prints a sampled packet with sflowtool's keys: addresses, protocol and ports of the outermost headers.

import { uint16, uint32 } from "../../packet/bytes.ts";
import type { Layers } from "../../packet/layers.ts";
import { decodePacket, HeaderProtocol, makePacket } from "../../packet/packet.ts";
import { showAddress } from "../../sflow/address.ts";
import type { sampledHeader } from "../../sflow/records/flow/sampled-header.ts";
import type { ValueOf } from "../../xdr/type.ts";
import { dashedHex, hex, type Pair, pair } from "./pair.ts";

type Header = ValueOf<typeof sampledHeader>;

export function headerPairs({ protocol, frame_length, stripped, header }: Header): Pair[] {
  return [
    pair("flowSampleType", "HEADER"),
    pair("headerProtocol", protocol),
    pair("sampledPacketSize", frame_length),
    pair("strippedBytes", stripped),
    pair("headerLen", header.length),
    pair("headerBytes", dashedHex(header)),
    ...packetPairs(protocol, frame_length - stripped, header),
  ];
}

const isDecoded = (protocol: number): boolean => Object.values<number>(HeaderProtocol).includes(protocol);

function packetPairs(protocol: number, size: number, header: Uint8Array): Pair[] {
  if (!isDecoded(protocol)) return [pair("NO_DECODE", `headerProtocol=${protocol}`)];
  const packet = makePacket();
  decodePacket(packet, protocol, header, 0, header.length);
  const { outer } = packet;
  return [...ethernetPairs(outer, header), ...ipPairs(outer, header, size), ...transportPairs(outer, header)];
}

function ethernetPairs({ ethernet, tags, vlanTci }: Layers, bytes: Uint8Array): Pair[] {
  if (ethernet < 0) return [];
  const vlan = tags === 0 ? [] : [pair("decodedVLAN", vlanTci & 0xfff), pair("decodedPriority", vlanTci >>> 13)];
  return [
    pair("dstMAC", hex(bytes.subarray(ethernet, ethernet + 6))),
    pair("srcMAC", hex(bytes.subarray(ethernet + 6, ethernet + 12))),
    ...vlan,
  ];
}

function ipPairs(layers: Layers, bytes: Uint8Array, size: number): Pair[] {
  if (layers.ipVersion === 0) return [];
  const ipSize = pair("IPSize", size - layers.ip);
  return [ipSize, ...(layers.ipVersion === 4 ? ipv4Pairs(layers, bytes) : ipv6Pairs(layers, bytes))];
}

/** Prints IPID in network byte order, unlike sflowtool, which swaps the bytes. */
function ipv4Pairs({ ip, protocol, laterFragment, source, destination }: Layers, bytes: Uint8Array): Pair[] {
  return [
    pair("ip.tot_len", uint16(bytes, ip + 2)),
    pair("srcIP", showAddress(bytes.subarray(source, source + 4))),
    pair("dstIP", showAddress(bytes.subarray(destination, destination + 4))),
    pair("IPProtocol", protocol),
    pair("IPTOS", bytes[ip + 1] as number),
    pair("IPTTL", bytes[ip + 8] as number),
    pair("IPID", uint16(bytes, ip + 4)),
    ...(laterFragment ? [pair("IPFragmentOffset", uint16(bytes, ip + 6) & 0x1fff)] : []),
  ];
}

function ipv6Pairs({ ip, protocol, source, destination }: Layers, bytes: Uint8Array): Pair[] {
  const first = uint32(bytes, ip);
  const payload = uint16(bytes, ip + 4);
  return [
    pair("IPTOS", (first >>> 20) & 0xff),
    pair("IP6_label", `0x${(first & 0xf_ffff).toString(16)}`),
    pair("IPV6_payloadLen", payload === 0 ? "<jumbo>" : payload),
    pair("IPTTL", bytes[ip + 7] as number),
    pair("srcIP6", showAddress(bytes.subarray(source, source + 16))),
    pair("dstIP6", showAddress(bytes.subarray(destination, destination + 16))),
    ...(protocol < 0 ? [] : [pair("IPProtocol", protocol)]),
  ];
}

const [ICMP, TCP, UDP] = [1, 6, 17];

function transportPairs(layers: Layers, bytes: Uint8Array): Pair[] {
  const { protocol, transport, sourcePort, destinationPort, tcpFlags, payload } = layers;
  if (transport < 0) return [];
  if (protocol === ICMP && transport + 2 <= bytes.length) {
    return [pair("ICMPType", bytes[transport] as number), pair("ICMPCode", bytes[transport + 1] as number)];
  }
  if (sourcePort < 0) return [];
  if (protocol === TCP) {
    const flags = tcpFlags < 0 ? [] : [pair("TCPFlags", tcpFlags)];
    return [pair("TCPSrcPort", sourcePort), pair("TCPDstPort", destinationPort), ...flags];
  }
  if (protocol !== UDP) return [];
  const length = payload < 0 ? [] : [pair("UDPBytes", uint16(bytes, transport + 4))];
  return [pair("UDPSrcPort", sourcePort), pair("UDPDstPort", destinationPort), ...length];
}
