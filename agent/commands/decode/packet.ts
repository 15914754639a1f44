// Prints a sampled packet with sflowtool's keys: addresses, protocol and ports of the outermost headers.

import { uint16, uint32 } from "../../packet/bytes.ts";
import { wirelessAddresses } from "../../packet/ieee80211.ts";
import type { Layers } from "../../packet/layers.ts";
import { decodeLlcPacket, decodePacket, HeaderProtocol, makePacket } from "../../packet/packet.ts";
import type { sampledHeader } from "../../sflow/records/flow/sampled-header.ts";
import type { ValueOf } from "../../xdr/type.ts";
import { mplsLabel } from "./mpls-label.ts";
import type { Pairs } from "./pairs.ts";
import type { Print } from "./rule.ts";

/** Prints a header. If the record was cut in its bytes, prints those that are left. */
export const printHeader: Print<ValueOf<typeof sampledHeader>> = (pairs, value, missing) => {
  const { protocol, frame_length, stripped, header } = value;
  pairs.word("flowSampleType", "HEADER");
  pairs.number("headerProtocol", protocol);
  pairs.number("sampledPacketSize", frame_length);
  pairs.number("strippedBytes", stripped);
  if (protocol === undefined || frame_length === undefined || stripped === undefined || header === undefined) return;
  pairs.number("headerLen", header.length + missing);
  pairs.dashed("headerBytes", header);
  printPacket(pairs, protocol, frame_length - stripped, header);
};

const isDecoded = (protocol: number): boolean => Object.values<number>(HeaderProtocol).includes(protocol);

function printPacket(pairs: Pairs, protocol: number, size: number, header: Uint8Array): void {
  if (!isDecoded(protocol)) {
    pairs.word("NO_DECODE", `headerProtocol=${protocol}`);
    return;
  }
  const packet = makePacket();
  decodePacket(packet, protocol, header, 0, header.length);
  printLayers(pairs, packet.outer, header, size);
}

/** Prints the payload of an 802.11 frame, which begins with LLC. */
export function printLlc(pairs: Pairs, bytes: Uint8Array): void {
  const packet = makePacket();
  decodeLlcPacket(packet, bytes);
  printLayers(pairs, packet.outer, bytes, bytes.length);
}

function printLayers(pairs: Pairs, layers: Layers, bytes: Uint8Array, size: number): void {
  printEthernet(pairs, layers, bytes);
  printWireless(pairs, layers, bytes);
  if (layers.organisation >= 0) pairs.word("VSNAP_OUI", organisationText(layers.organisation));
  if (layers.frameType >= 0) pairs.number("ethernet_type", layers.frameType);
  if (layers.labels > 0) pairs.word("decodedMPLS", labelsText(layers, bytes));
  printIp(pairs, layers, bytes, size);
  printTransport(pairs, layers, bytes);
}

function printEthernet(pairs: Pairs, { ethernet, tags }: Layers, bytes: Uint8Array): void {
  if (ethernet < 0) return;
  pairs.hex("dstMAC", bytes, ethernet, 6);
  pairs.hex("srcMAC", bytes, ethernet + 6, 6);
  for (let i = 0; i < tags; i++) {
    const tci = uint16(bytes, ethernet + 14 + 4 * i);
    const depth = i === 0 ? "" : `.${i}`;
    pairs.number(`decodedVLAN${depth}`, tci & 0xfff);
    pairs.number(`decodedPriority${depth}`, tci >>> 13);
  }
}

function printWireless(pairs: Pairs, { ieee80211 }: Layers, bytes: Uint8Array): void {
  if (ieee80211 < 0) return;
  const { source, destination, transmitter, receiver } = wirelessAddresses(bytes, ieee80211);
  if (source + 6 <= bytes.length) pairs.hex("srcMAC", bytes, source, 6);
  pairs.hex("dstMAC", bytes, destination, 6);
  pairs.hex("txMAC", bytes, transmitter, 6);
  pairs.hex("rxMAC", bytes, receiver, 6);
}

/** Formats an organisation code: `00-00-0C`. */
const organisationText = (code: number): string =>
  code
    .toString(16)
    .toUpperCase()
    .padStart(6, "0")
    .replaceAll(/..(?=.)/g, "$&-");

const labelsText = ({ mpls, labels }: Layers, bytes: Uint8Array): string =>
  Array.from({ length: labels }, (_, i) => mplsLabel(uint32(bytes, mpls + 4 * i))).join("-");

function printIp(pairs: Pairs, layers: Layers, bytes: Uint8Array, size: number): void {
  if (layers.ipVersion === 0) return;
  pairs.number("IPSize", size - layers.ip);
  if (layers.ipVersion === 4) printIpv4(pairs, layers, bytes);
  else printIpv6(pairs, layers, bytes);
}

/** Prints IPID in network byte order, unlike sflowtool, which swaps the bytes. */
function printIpv4(pairs: Pairs, layers: Layers, bytes: Uint8Array): void {
  const { ip, protocol, laterFragment, source, destination } = layers;
  pairs.number("ip.tot_len", uint16(bytes, ip + 2));
  pairs.address("srcIP", bytes, source, 4);
  pairs.address("dstIP", bytes, destination, 4);
  pairs.number("IPProtocol", protocol);
  pairs.number("IPTOS", bytes[ip + 1] as number);
  pairs.number("IPTTL", bytes[ip + 8] as number);
  pairs.number("IPID", uint16(bytes, ip + 4));
  if (laterFragment) pairs.number("IPFragmentOffset", uint16(bytes, ip + 6) & 0x1fff);
}

function printIpv6(pairs: Pairs, layers: Layers, bytes: Uint8Array): void {
  const { ip, protocol, source, destination } = layers;
  const first = uint32(bytes, ip);
  const payload = uint16(bytes, ip + 4);
  pairs.number("IPTOS", (first >>> 20) & 0xff);
  pairs.word("IP6_label", `0x${(first & 0xf_ffff).toString(16)}`);
  if (payload === 0) pairs.word("IPV6_payloadLen", "<jumbo>");
  else pairs.number("IPV6_payloadLen", payload);
  pairs.number("IPTTL", bytes[ip + 7] as number);
  pairs.address("srcIP6", bytes, source, 16);
  pairs.address("dstIP6", bytes, destination, 16);
  for (let i = 0; i < layers.extensionCount; i++) pairs.number("IP6HeaderExtension", layers.extensions[i]);
  if (protocol >= 0) pairs.number("IPProtocol", protocol);
}

const [ICMP, TCP, UDP] = [1, 6, 17];

function printTransport(pairs: Pairs, layers: Layers, bytes: Uint8Array): void {
  const { protocol, transport, sourcePort, destinationPort, tcpFlags, payload } = layers;
  if (transport < 0) return;
  if (protocol === ICMP && transport + 2 <= bytes.length) {
    pairs.number("ICMPType", bytes[transport] as number);
    pairs.number("ICMPCode", bytes[transport + 1] as number);
  }
  if (sourcePort < 0) return;
  if (protocol === TCP) {
    pairs.number("TCPSrcPort", sourcePort);
    pairs.number("TCPDstPort", destinationPort);
    if (tcpFlags >= 0) pairs.number("TCPFlags", tcpFlags);
  }
  if (protocol !== UDP) return;
  pairs.number("UDPSrcPort", sourcePort);
  pairs.number("UDPDstPort", destinationPort);
  if (payload >= 0) pairs.number("UDPBytes", uint16(bytes, transport + 4));
}
